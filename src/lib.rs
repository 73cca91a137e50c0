//! Kiroster: seats as code.

pub mod apply;
pub mod aws;
pub mod desired;
pub mod directory;
pub mod goal;
pub mod live;
pub mod model;
pub mod plan;
pub mod problem;
pub mod render;
pub mod roster;

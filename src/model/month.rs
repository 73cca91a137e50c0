//! Billing months, which are UTC's.

use jiff::civil::Date;

/// The day on which the next month begins; none at the end of time.
pub fn first_of_next_month(today: Date) -> Option<Date> {
    today.last_of_month().tomorrow().ok()
}

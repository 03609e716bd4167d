//! How many round trips followed from each other. Pure.

/// Something goes up because of everything that had come down by then, and down
/// because of everything that had come up. The longest chain of such causes is
/// the number of round trips that no faster line takes away.
#[derive(Debug, Default)]
pub struct Turns {
    /// The longest chain of which the office has heard.
    office: u64,
    /// The longest chain that has come back to the phone.
    phone: u64,
}

impl Turns {
    /// Something new leaves the phone. Its place in the chain travels with it.
    pub fn leave_phone(&self) -> u64 {
        self.phone + 1
    }

    /// It arrives at the office.
    pub fn reach_office(&mut self, place: u64) {
        self.office = self.office.max(place);
    }

    /// Something leaves the office.
    pub fn leave_office(&self) -> u64 {
        self.office
    }

    /// It arrives at the phone.
    pub fn reach_phone(&mut self, place: u64) {
        self.phone = self.phone.max(place);
    }

    /// The round trips so far; begins anew.
    pub fn take(&mut self) -> u64 {
        std::mem::take(self).phone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_up_together_is_one_round_trip_and_what_waits_for_an_answer_is_the_next() {
        let mut turns = Turns::default();
        let (first, second) = (turns.leave_phone(), turns.leave_phone());
        turns.reach_office(first);
        turns.reach_office(second);
        let answer = turns.leave_office();
        let still_unanswered = turns.leave_phone();
        turns.reach_phone(answer);
        assert_eq!((first, second, still_unanswered), (1, 1, 1));
        let third = turns.leave_phone();
        turns.reach_office(third);
        turns.reach_phone(turns.leave_office());
        assert_eq!(turns.take(), 2);
        assert_eq!(turns.take(), 0);
    }

    #[test]
    fn an_office_that_speaks_first_makes_no_round_trip() {
        let mut turns = Turns::default();
        turns.reach_phone(turns.leave_office());
        assert_eq!(turns.take(), 0);
    }
}

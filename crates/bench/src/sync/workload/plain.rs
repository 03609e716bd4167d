//! The workload as plain JSON: for the engines that are written in another
//! language, and as the least that a day could be.

use practice::Resident;
use serde_json::{Value, json};

use super::{Day, Door, Edit, Visit, Workload, birth_year};

impl Workload {
    /// For the engines that are written in another language.
    pub fn to_json(&self) -> Value {
        json!({
            "doors": self.doors.iter().map(Door::to_json).collect::<Vec<_>>(),
            "past": self.past.iter().map(Visit::to_json).collect::<Vec<_>>(),
            "days": self.days.iter().map(Day::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Door {
    fn to_json(&self) -> Value {
        let person = |person: &Resident| {
            json!({
                "id": person.id,
                "name": person.name,
                "relation": person.relation,
                "birth_year": birth_year(person),
                "tags": person.tags,
            })
        };
        json!({
            "id": self.id,
            "building": self.place.building,
            "unit": self.place.unit,
            "floor": self.place.floor,
            "label": self.place.label,
            "tags": [],
            "persons": self.residents.iter().map(person).collect::<Vec<_>>(),
        })
    }
}

impl Visit {
    fn to_json(&self) -> Value {
        let draft = &self.draft;
        json!({
            "id": self.id,
            "door": draft.door,
            "at": draft.at,
            "by": draft.by,
            "purpose": draft.purpose,
            "outcome": draft.outcome,
            "note": draft.note,
            "checks": draft.checks,
            "met": draft.met,
        })
    }
}

impl Edit {
    fn to_json(&self) -> Value {
        json!({"door": self.door, "remarks": self.remarks, "interval_days": self.interval_days})
    }
}

impl Day {
    fn to_json(&self) -> Value {
        json!({"visits": self.visits_json(), "edits": self.edits_json()})
    }

    /// The visits as plain JSON.
    pub fn visits_json(&self) -> Value {
        self.visits.iter().map(Visit::to_json).collect()
    }

    /// The edits as plain JSON.
    pub fn edits_json(&self) -> Value {
        self.edits.iter().map(Edit::to_json).collect()
    }
}

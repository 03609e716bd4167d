//! Summaries as differences: JSON merge patches (RFC 7396). A patch sets what it
//! names, and takes away what it names with null; lists are replaced as a whole.
//! Summaries hold no null themselves, so every difference can be told.

use serde_json::{Map, Value};

type Json = Map<String, Value>;

/// The patch that makes `after` of `before`.
pub fn difference(before: &Json, after: &Json) -> Json {
    let mut patch = Json::new();
    for key in before.keys().filter(|key| !after.contains_key(*key)) {
        patch.insert(key.clone(), Value::Null);
    }
    for (key, value) in after {
        match (before.get(key), value) {
            (Some(old), new) if old == new => {}
            (Some(Value::Object(old)), Value::Object(new)) => {
                patch.insert(key.clone(), Value::Object(difference(old, new)));
            }
            _ => {
                patch.insert(key.clone(), value.clone());
            }
        }
    }
    patch
}

/// Brings `target` to where the patch leads.
pub fn apply(target: &mut Json, patch: &Json) {
    for (key, value) in patch {
        match value {
            Value::Null => {
                target.remove(key);
            }
            Value::Object(inner) => {
                let place = target.entry(key.clone()).or_insert(Value::Null);
                if !place.is_object() {
                    *place = Value::Object(Json::new());
                }
                if let Value::Object(target) = place {
                    apply(target, inner);
                }
            }
            _ => {
                target.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Adds `later` to `patch`: one patch that does what the two do one after the
/// other, also where the first has been done already. `false` when no one patch
/// can: a map that went and came back, say, would get old keys back.
#[must_use]
pub fn combine(patch: &mut Json, later: &Json) -> bool {
    later
        .iter()
        .all(|(key, value)| match (patch.get_mut(key), value) {
            (Some(Value::Object(before)), Value::Object(later)) => combine(before, later),
            (Some(_), Value::Object(_)) => false,
            _ => {
                patch.insert(key.clone(), value.clone());
                true
            }
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn document() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            (0..3_i64).prop_map(|number| json!(number)),
            "[ab]{1,2}".prop_map(|text| json!(text)),
            prop::collection::vec(0..3_i64, 0..2).prop_map(|list| json!(list)),
        ];
        let value = leaf.prop_recursive(2, 8, 3, |inner| {
            prop::collection::hash_map("[xyz]", inner, 0..3).prop_map(|map| json!(map))
        });
        prop::collection::hash_map("[pqrs]", value, 0..4).prop_map(|map| map.into_iter().collect())
    }

    proptest! {
        #[test]
        fn a_difference_leads_from_one_to_the_other(before in document(), after in document()) {
            let mut target = before.clone();
            apply(&mut target, &difference(&before, &after));
            prop_assert_eq!(target, after);
        }

        #[test]
        fn combined_patches_lead_to_the_last_from_anywhere_on_the_way(
            states in prop::collection::vec(document(), 2..5),
        ) {
            let mut patch = Json::new();
            for pair in states.windows(2) {
                prop_assume!(combine(&mut patch, &difference(&pair[0], &pair[1])));
            }
            for state in &states {
                let mut target = state.clone();
                apply(&mut target, &patch);
                prop_assert_eq!(Some(&target), states.last());
            }
        }
    }
}

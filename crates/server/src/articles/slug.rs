//! Addresses of pages, made from titles and file names.
//!
//! Invariant: what is made here keeps the rule of [`Slug`], or is empty.

use api_types::text::Slug;

/// The longest that a slug may be.
const MOST: usize = 100;

/// Lower-case letters and digits, with a hyphen for whatever lies between; accents go.
pub fn made_from(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let plain = match c {
            'a'..='z' | '0'..='9' => {
                slug.push(c);
                continue;
            }
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
            'æ' => "ae",
            'ç' => "c",
            'è' | 'é' | 'ê' | 'ë' => "e",
            'ì' | 'í' | 'î' | 'ï' => "i",
            'ñ' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
            'œ' => "oe",
            'ß' => "ss",
            'ù' | 'ú' | 'û' | 'ü' => "u",
            'ý' | 'ÿ' => "y",
            // Marks that stand alone belong to the letter before, and quotes divide no word in an address.
            '\u{300}'..='\u{36F}' | '’' | '\'' => continue,
            _ => "-",
        };
        if plain != "-" || !(slug.is_empty() || slug.ends_with('-')) {
            slug.push_str(plain);
        }
    }
    let whole = slug.trim_end_matches('-');
    let Some(cut) = whole.get(..MOST).filter(|_| whole.len() > MOST) else { return whole.to_owned() };
    cut.rsplit_once('-').map_or(cut, |(whole, _)| whole).to_owned()
}

/// The words of an address, as a name.
pub fn to_name(slug: &str) -> String {
    let words = slug.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A slug that keeps its rule.
pub fn valid(slug: &str) -> bool {
    garde::Validate::validate(&Slug::from(slug.to_owned())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_addresses() {
        assert_eq!(made_from("  Où déposer l’été ? 100 % œuvre "), "ou-deposer-lete-100-oeuvre");
        assert_eq!(made_from("Getting_Started (2).v1"), "getting-started-2-v1");
        assert_eq!(made_from("???"), "");
        assert_eq!(made_from("e\u{301}te\u{301}"), "ete");
        for text in ["a b".repeat(200), "a".repeat(300), "ß".repeat(99), "été-".repeat(60)] {
            let slug = made_from(&text);
            assert!(valid(&slug), "{slug}");
        }
        assert_eq!(to_name("ou-deposer"), "Ou deposer");
    }
}

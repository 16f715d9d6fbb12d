"""The page behind the link in a mail, and what the card answers."""


def answer_wanted(deal: str) -> str:
    return f"Your decision: {deal}"


def answer_as(name: str) -> str:
    return f"You answer as {name}. This link is for nobody else."


def answer_noted() -> str:
    return "Thank you, your answer is noted"


def answer_is_heard() -> str:
    return "The deal shows it within moments and the rep is told. Should it not count, you hear why."


def answered_before() -> str:
    return "You have answered this already"


def answer_missing() -> str:
    return "Choose one of the answers."


def answer_without_limit() -> str:
    return "Up to which limit? Fill it in."


def answer_no_limit(text: str, wanted: str) -> str:
    return f"{text!r} is no limit: write {wanted}."


def answer_without_words() -> str:
    return "Say why, or what you ask: the rep reads it."


def answer_elsewhere() -> str:
    return "To change your answer, decide on your task in the CRM."


def answer_not_needed() -> str:
    return "Nothing is waiting for you here any more"


def link_ended() -> str:
    return "This link is not valid any more"


def form_answer() -> str:
    return "Your answer"


def form_yes() -> str:
    return "Yes, as it is"


def form_yes_up_to(lever: str) -> str:
    return f"Yes, {form_limit(lever)}"


def form_limit(lever: str) -> str:
    return f"{lever} up to"


def form_no() -> str:
    return "No"


def form_question() -> str:
    return "Ask the rep first"


def form_pause() -> str:
    return "Wait for the customer first"


def form_note() -> str:
    return "Why, or your question (the rep reads it)"


def form_send() -> str:
    return "Answer"


def away_title() -> str:
    return "Out of office"


def away_from(first: str, last: str, name: str) -> str:
    return f"You are away from {first} to {last}." + (f" {name} decides first." if name else "")


def away_means() -> str:
    return (
        "What waits for you, and what comes, goes to whoever may decide in your place. "
        "To give your rights to somebody who has not got them, ask your admin."
    )


def away_ends_first() -> str:
    return "The last day is before the first."


def away_too_long() -> str:
    return "That is longer than a year. Is it the right year?"


def away_is_over() -> str:
    return "The last day is over already."


def away_without_days() -> str:
    return "From when to when? Fill in both days."


def is_back() -> str:
    return "Welcome back"


def form_away_from() -> str:
    return "From"


def form_away_until() -> str:
    return "Until, that day included"


def form_away_to() -> str:
    return "Who decides first"


def form_away_to_any() -> str:
    return "As the policy says"


def away_to_nobody() -> str:
    return "Nobody of that name may decide all that you may. Choose one of the names, or ask your admin."


def form_away() -> str:
    return "I am away"


def form_back() -> str:
    return "I am back"


def card_asks() -> str:
    return "Noted. Dealgate asks whoever decides; the card shows whom, and until when."


def card_waits_for_data() -> str:
    return "Noted. Fill in what is missing, and whoever decides is asked at once."


def card_replied() -> str:
    return "Noted. Whoever asked reads it within moments and decides."


def card_withdrawn() -> str:
    return "Noted. What is asked about this deal is taken back within moments."


def card_unknown() -> str:
    return "Dealgate has not checked this deal yet. If the account has it, it is looked at now."


def card_nobody() -> str:
    return "You are not a person of the policy, so your decision could not be proved. An admin can add you."


def card_not_yours() -> str:
    return "Only the deal's owner, or somebody whom the policy names, may speak for this deal."

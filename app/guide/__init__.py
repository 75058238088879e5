"""The guide: which procedures fit a person's situation, which one to take, and what to ask next.

From the request to the response:

- `query` and `contradictions` read and check the request. `situation` and `needs` hold the result.
- `carrier_procedures` and `candidates` prepare a carrier's procedures for comparison.
- `assess` gives each candidate a verdict. `choose` picks the best one.
- `questions` lists what can be asked. `lookahead` tries each answer.
- `recommend` decides what to recommend and what to ask. `explain` adds reasons and sorts.
- `state`, `help`, `desks` and `not_used` compute the rest of the response.
- `service` assembles the response. `presenter` and `question_presenter` write it in one language.

The policy: docs/guide.md. Its reasons: docs/decisions/0010 and 0019.
"""

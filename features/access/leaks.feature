Feature: A refusal gives nothing away
  Whoever is refused must not learn from it what there is.
  What they may not have and what never was look the same.

  Rule: A refusal does not tell whether there is such a thing

    Scenario Outline: <who> cannot tell from a refusal whether there is such a thing
      Given a shop with a member, a product, an order and a post
      But these may tell
        | request                | who    | reason                                            |
        | PATCH /api/posts/{id}  | a user | every member may read posts, so knows which exist |
        | DELETE /api/posts/{id} | a user | every member may read posts, so knows which exist |
      When <who> tries to do what is refused to them, about what exists and about what does not
      Then both are refused alike

      Examples: kinds of person
        | who                  |
        | an anonymous visitor |
        | a user               |
        | a member             |
        | the customer         |
        | a suspended admin    |

  Rule: Guessing numbers finds nothing

    Scenario: trying one number after the other finds only one's own orders
      Given a shop with a member, a product, an order and a post
      And another customer has two orders
      When another customer tries to see the orders of all numbers, and of some more
      Then another customer has found just those two orders

@fixture.payments
Feature: Trying to give back what cannot be
  Money that has left is hard to get back.
  So a refund that is wrong in any way is refused, and no money moves.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: No more is given back than is left

    Scenario Outline: After <before>, <more> cannot be given back
      Given Ann has an order of 4 Tea that is paid
      And <before> of Ann's order has been given back before
      When an admin tries to give <more> of Ann's order back
      Then an admin is told that this is in conflict
      And the reason given is "<told>"
      And nothing has changed

      Examples: too much
        | before   | more      | told                                |
        | 0.01 EUR | 10.00 EUR | Only 9.99 EUR is left to give back. |
        | 9.99 EUR | 0.02 EUR  | Only 0.01 EUR is left to give back. |
        | 5.00 EUR | 5.01 EUR  | Only 5.00 EUR is left to give back. |

  Rule: Only a paid order can be refunded

    Scenario Outline: An order that <state> cannot be refunded
      Given Ann has an order of 4 Tea that <state>
      When an admin tries to give all that is left of Ann's order back
      Then an admin is told that this is in conflict
      And the reason given is "Only a paid order can be refunded."
      And nothing has changed

      Examples: not paid
        | state          |
        | awaits payment |
        | was declined   |
        | is cancelled   |
        | is refunded    |

  Rule: An amount is in whole cents, above zero

    Scenario Outline: The amount of a refund cannot be <amount>
      Given Ann has an order of 4 Tea that is paid
      When an admin tries to give Ann's order back with the amount <amount>
      Then an admin is told that this is invalid
      And the fault is in the amount cents: "<told>"
      And nothing has changed

      Examples: bad amounts
        | amount      | told                                            |
        | 0           | The amount in cents must be 1 or more.          |
        | -1          | The amount in cents must be 1 or more.          |
        | 0.5         | The amount in cents must be a whole number.     |
        | "100"       | The amount in cents must be a whole number.     |
        | null        | The amount in cents must be a whole number.     |
        | 99999999999 | The amount in cents must be 2147483647 or less. |

  Rule: A slip cannot be used for another amount

    Scenario: A slip is sent again with another amount
      Given Ben is a member
      And these orders
        | customer | pieces | product | state        |
        | Ben      | 1      | Tea     | was declined |
        | Ben      | 2      | Tea     | was declined |
      And Ann has an order of 4 Tea that is paid
      When an admin gives 2.50 EUR of Ann's order back on the slip "R-5"
      And an admin tries to give 5.00 EUR of Ann's order back on the slip "R-5"
      Then an admin is told that this is invalid
      And the fault is in the idempotency key: "This key came with another amount before."
      And nothing has changed
      And the news of the refund is queued for Ann's refund

  Rule: Without the payment provider nothing is given back

    Scenario Outline: A refund is tried while the payment provider <trouble>
      Given Ann has an order of 4 Tea that is paid
      And the payment provider <trouble>
      When an admin tries to give 2.50 EUR of Ann's order back
      Then an admin is told that this is unavailable
      And the reason given is "The payment provider does not answer. Nothing has changed."
      And an admin is told to come back in <pause>
      And nothing in the shop has changed

      Examples: no answer
        | trouble              | pause       |
        | is too slow          | 30 seconds  |
        | cannot be reached    | 30 seconds  |
        | is being repaired    | 120 seconds |
        | asks us to slow down | 7 seconds   |
        | answers nonsense     | 30 seconds  |
        | gives no number      | 30 seconds  |

    Scenario Outline: The payment provider refuses a refund because <reason>
      Given Ann has an order of 4 Tea that is paid
      And the payment provider refuses to give anything back: "<reason>"
      When an admin tries to give 2.50 EUR of Ann's order back
      Then an admin is told that this is in conflict
      And the reason given is "The payment provider refuses: <reason>."
      And the payment provider was asked once to give 2.50 EUR of Ann's order back
      And nothing in the shop has changed

      Examples: refusals
        | reason                        |
        | the charge is too old         |
        | the shop's balance is too low |

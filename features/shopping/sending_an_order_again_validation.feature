@fixture.payments
Feature: Trying to use an order slip wrongly
  A slip with a name of its own (an idempotency key) stands for one order.
  If it came with another order, one of the two would be lost without a word,
  so the shop refuses it and says why.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: A slip cannot be used for another order

    Scenario Outline: A slip for 2 Tea is sent again for <quantity> <product>
      Given the shop sells Honey at 6.00 EUR, 5 in stock
      When Ann orders 2 Tea on the slip "A-17"
      And Ann tries to order <quantity> <product> on the slip "A-17"
      Then Ann is told that this is invalid
      And the fault is in the idempotency key: "This key came with another order before."
      And nothing has changed
      And the order confirmation is queued for Ann's order

      Examples: another order
        | quantity | product |
        | 3        | Tea     |
        | 2        | Honey   |

  Rule: A slip has 1 to 64 letters, numbers or signs

    Scenario Outline: A slip may be <slip>
      When Ann orders 2 Tea on a slip called <slip>
      Then Ann succeeds
      And the order confirmation is queued for Ann's order

      Examples: good slips
        | slip       |
        | 1 letter   |
        | 64 letters |
        | "A-17/b!"  |

    Scenario Outline: A slip cannot be <slip>
      When Ann tries to order 2 Tea on a slip called <slip>
      Then Ann is told that this is invalid
      And the fault is in the idempotency key: "The idempotency key contains characters that are not allowed."
      And nothing has changed

      Examples: bad slips
        | slip       |
        | empty      |
        | 65 letters |
        | "A 17"     |
        | "é"        |

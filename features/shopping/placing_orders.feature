@critical @fixture.payments
Feature: Placing orders
  A customer orders something, and the goods are theirs from that moment.
  Nobody can buy what is not there: the stock never goes below zero.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: An order takes its goods from the shelf

    Scenario: A customer orders two pieces
      When Ann orders 2 Tea
      Then Ann is shown
        | product | pieces | price    | total    | given back | state   |
        | Tea     | 2      | 2.50 EUR | 5.00 EUR | 0.00 EUR   | is paid |
      And the stock of Tea is 8
      And the order confirmation is queued for Ann's order

    Scenario: The answer to an order is held as recorded
      When Ann orders 2 Tea
      Then the answer is as recorded
      And the order confirmation is queued for Ann's order

    Scenario: Two customers order one after the other
      Given Ben is a member
      When Ann orders 2 Tea
      And Ben orders 3 Tea
      Then the stock of Tea is 5
      And Ann has one order
      And Ben has one order
      And the order confirmation is queued for Ann's order
      And the order confirmation is queued for Ben's order

    Scenario: A customer buys the last pieces
      When Ann orders 10 Tea
      Then Ann succeeds
      And the stock of Tea is 0
      And the order confirmation is queued for Ann's order

  Rule: Nobody can order more than is there

    Scenario Outline: With <stock> left, <quantity> cannot be ordered
      Given the shop sells Honey at 6.00 EUR, <stock> in stock
      When Ann tries to order <quantity> Honey
      Then Ann is told that this is in conflict
      And the reason given is "<told>"
      And the answer is as recorded
      And nothing has changed

      Examples: too few
        | stock | quantity | told         |
        | 0     | 1        | Sold out.    |
        | 1     | 2        | Only 1 left. |
        | 9     | 100      | Only 9 left. |

    Scenario: The last piece is gone when the next customer comes
      Given Ben is a member
      And the shop sells Honey at 6.00 EUR, 1 in stock
      When Ann orders 1 Honey
      And Ben tries to order 1 Honey
      Then Ben is told that this is in conflict
      And the reason given is "Sold out."
      And nothing has changed
      And Ben has no order
      And the order confirmation is queued for Ann's order

  Rule: An order is of something that the shop sells

    Scenario: A customer tries to order what is off sale
      When an admin takes Tea off sale
      And Ann tries to order 1 Tea
      Then Ann is told that this is invalid
      And the fault is in the product id: "There is no such product."
      And nothing has changed

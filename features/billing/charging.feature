@critical
Feature: Charging for orders
  A payment provider takes the money. Each order has one key of its own there,
  and whatever is tried again is tried under this key:
  so a customer pays once, however often the line breaks.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: An order is charged in full, once

    @fixture.payments
    Scenario: The provider is asked for the whole total
      When Ann orders 2 Tea
      Then Ann's order is paid
      And the payment provider was asked once to charge 5.00 EUR for Ann's order
      And the order confirmation is queued for Ann's order

    @fixture.payments
    Scenario: Each order has a key of its own
      Given Ben is a member
      When Ann orders 2 Tea
      And Ben orders 2 Tea
      Then the payment provider was asked once to charge 5.00 EUR for Ann's order
      And the payment provider was asked once to charge 5.00 EUR for Ben's order
      And Ann's order and Ben's order were charged under different keys
      And the order confirmation is queued twice

    Scenario: A charge that fails at first is tried again under the same key
      Given the payment provider takes a charge only at the second try
      When Ann orders 2 Tea
      Then Ann's order is paid
      And the payment provider was asked twice to charge 5.00 EUR for Ann's order
      And Ann has one order
      And the stock of Tea is 8
      And the order confirmation is queued for Ann's order

    @fixture.payments
    Scenario: A charge settles one order, and no other that awaits its payment
      Given Ben is a member
      And Ben has an order of 3 Tea that awaits payment
      When Ann orders 2 Tea
      Then Ann's order is paid
      And Ben's order awaits payment
      And the order confirmation is queued for Ann's order

  Rule: The total is the price times the pieces, to the cent

    @fixture.payments
    Scenario Outline: <pieces> at <price> come to <total>
      Given the shop sells Honey at <price>, 100 in stock
      When Ann orders <pieces> Honey
      Then Ann's order comes to <total>
      And the payment provider was asked once to charge <total> for Ann's order
      And the order confirmation is queued for Ann's order

      Examples: totals
        | price      | pieces | total        |
        | 0.01 EUR   | 1      | 0.01 EUR     |
        | 0.01 EUR   | 100    | 1.00 EUR     |
        | 0.10 EUR   | 3      | 0.30 EUR     |
        | 0.33 EUR   | 3      | 0.99 EUR     |
        | 1.15 EUR   | 7      | 8.05 EUR     |
        | 19.99 EUR  | 99     | 1979.01 EUR  |
        | 999.99 EUR | 100    | 99999.00 EUR |

  Rule: A customer whose payment is declined reads why, in one line

    Scenario Outline: Whatever the provider says, a customer reads one line: <told>
      Given the payment provider declines and says <said>
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      And the reason given is "The payment was declined: <told>."

      Examples: what is said
        | said                    | told                 |
        | "the card has expired." | the card has expired |
        | "too   much at  once. " | too much at once     |
        | two lines               | One line and another |
        | a control character     | ring ring            |
        | only spaces             | no reason given      |

    Scenario Outline: Of a reason of <said> a customer reads the first <told>
      Given the payment provider declines and says <said>
      When Ann tries to order 2 Tea
      Then Ann reads the first <told> letters of the reason for declining

      Examples: up to 200 letters
        | said        | told |
        | 199 letters | 199  |
        | 200 letters | 200  |
        | 201 letters | 200  |
        | 999 letters | 200  |

  Rule: What is refused before the order stands is not charged

    Scenario: Somebody tries to order more than is there
      When Ann tries to order 11 Tea
      Then Ann is told that this is in conflict
      And the payment provider was not asked for anything
      And nothing has changed

Feature: Declined payments
  When the payment provider says no, the customer learns why at once,
  and the goods go back on the shelf.
  The order is kept, so that the shop can tell what happened.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock
    And the payment provider declines: "the card has expired"

  Rule: A declined order is kept, its goods are put back, and nothing is confirmed

    Scenario: A customer is told why the payment was declined
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      And the reason given is "The payment was declined: the card has expired."

    Scenario: The goods of a declined order are for others again
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      And Ann's order was declined
      And the stock of Tea is 10

    Scenario: Nothing else becomes of other goods and other orders
      Given Ben is a member
      And the shop sells Honey at 6.00 EUR, 3 in stock
      And Ben has an order of 1 Honey that awaits payment
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      And Ben's order awaits payment
      And the stock of Honey is 3

    Scenario: A declined order is not confirmed
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      When the background work is done
      Then Ann's order was declined
      And nothing is queued
      And nobody is told anything by e-mail

    Scenario: A declined charge is not tried again
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      And the payment provider was asked once to charge 5.00 EUR for Ann's order

    Scenario: A customer sees the declined order among her orders
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      When Ann lists the orders
      Then Ann is shown
        | product | pieces | state        |
        | Tea     | 2      | was declined |

    Scenario: A customer orders again after a declined payment
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      When the payment provider is back
      And Ann orders 2 Tea
      Then Ann succeeds
      And Ann has two orders
      And the stock of Tea is 8
      And the order confirmation is queued for Ann's order

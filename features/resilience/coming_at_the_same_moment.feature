@critical @services @fixture.payments
Feature: Coming at the same moment
  Customers do not queue up before a shop on the net: two may reach for one thing at the same moment,
  and one customer's order may arrive twice.
  Then too nothing is sold that is not there, and nobody pays twice.

  Background:
    Given Ann is a member
    And Ben is a member
    And the shop sells Honey at 6.00 EUR, 1 in stock
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: The last piece goes to one of those who reach for it

    Scenario: Two customers order the last piece
      When Ann and Ben try to order 1 Honey at the same moment
      Then one of them succeeds, and the other is told "Sold out."
      And the stock of Honey is 0
      And the payment provider has taken 6.00 EUR once
      And the order confirmation is queued once

    Scenario: Two customers order, and there is enough for both
      When Ann and Ben order 5 Tea at the same moment
      Then both of them succeed
      And the stock of Tea is 0
      And the payment provider has taken 12.50 EUR twice
      And the order confirmation is queued twice

  Rule: One slip is one order, even if it comes twice at the same moment

    Scenario: The same slip comes twice
      When Ann tries to order 2 Tea twice at the same moment on the slip "A-17"
      Then both are told of the same order
      And Ann has one order
      And the stock of Tea is 8
      And the payment provider has taken 5.00 EUR once
      And the order confirmation is queued once

    Scenario: The same slip comes twice for the last piece
      When Ann tries to order 1 Honey twice at the same moment on the slip "A-17"
      Then both are told of the same order
      And Ann has one order
      And the stock of Honey is 0
      And the payment provider has taken 6.00 EUR once
      And the order confirmation is queued once

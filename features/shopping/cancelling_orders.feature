@critical @fixture.payments
Feature: Cancelling orders
  Customers may change their mind.
  Then they get their money back, and the goods return to the shelf for others.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: A cancelled order gives the money back and the goods return to the shelf

    Scenario: A paid order is cancelled
      Given Ann has an order of 2 Tea that is paid
      When Ann cancels Ann's order
      Then Ann is shown
        | product | pieces | total    | given back | state        |
        | Tea     | 2      | 5.00 EUR | 5.00 EUR   | is cancelled |
      And the stock of Tea is 12
      And the payment provider was asked once to give 5.00 EUR of Ann's order back

    Scenario: An order that awaits its payment is cancelled before anything is charged
      Given Ann has an order of 2 Tea that awaits payment
      When Ann cancels Ann's order
      Then Ann succeeds
      And Ann's order is cancelled
      And the stock of Tea is 12
      And the payment provider was asked once to make the charge for Ann's order void
      And 0.00 EUR of Ann's order has been given back

    Scenario: Of a partly refunded order, only the rest is given back
      Given Ann has an order of 2 Tea that is paid
      And 2.00 EUR of Ann's order has been given back before
      When Ann cancels Ann's order
      Then Ann's order is cancelled
      And the payment provider was asked once to give 3.00 EUR of Ann's order back
      And 5.00 EUR of Ann's order has been given back

    Scenario: An order is cancelled after its product went off sale
      Given Ann has an order of 2 Tea that is paid
      When an admin takes Tea off sale
      And Ann cancels Ann's order
      Then Ann's order is cancelled
      And the payment provider was asked once to give 5.00 EUR of Ann's order back

    Scenario: What is cancelled can be bought by the next customer
      Given Ben is a member
      And the shop sells Honey at 6.00 EUR, 0 in stock
      And Ann has an order of 1 Honey that is paid
      When Ann cancels Ann's order
      And Ben orders 1 Honey
      Then Ben succeeds
      And the stock of Honey is 0
      And the order confirmation is queued for Ben's order

  Rule: An order is cancelled by its customer or an admin, and nobody else

    Scenario: An admin cancels a customer's order
      Given Ann has an order of 2 Tea that is paid
      When an admin cancels Ann's order
      Then an admin succeeds
      And Ann's order is cancelled

    Scenario: Another customer tries to cancel an order
      Given Ben is a member
      And Ann has an order of 2 Tea that is paid
      When Ben tries to cancel Ann's order
      Then Ben is told that this does not exist
      And nothing has changed

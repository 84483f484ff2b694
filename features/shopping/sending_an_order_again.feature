@critical @fixture.payments
Feature: Sending an order again
  When the line breaks, a customer does not know whether the order arrived.
  So each order may carry a slip with a name of its own (an idempotency key):
  the same slip again is the same order again, not a second one.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: One slip is one order and one charge

    Scenario: The same slip is sent twice
      When Ann orders 2 Tea on the slip "A-17"
      And Ann sends the slip "A-17" for 2 Tea once more
      Then Ann is shown
        | product | pieces | state   |
        | Tea     | 2      | is paid |
      And nothing has changed
      And Ann has one order
      And the stock of Tea is 8
      And the payment provider was asked once to charge 5.00 EUR for Ann's order
      And the order confirmation is queued for Ann's order

    Scenario: The same slip is sent again after the product went off sale
      When Ann orders 2 Tea on the slip "A-17"
      And an admin takes Tea off sale
      And Ann sends the slip "A-17" for 2 Tea once more
      Then Ann is shown
        | product | pieces | state   |
        | Tea     | 2      | is paid |
      And nothing has changed
      And Ann has one order
      And the order confirmation is queued for Ann's order

    Scenario: Two slips are two orders
      When Ann orders 2 Tea on the slip "A-17"
      And Ann orders 2 Tea on the slip "A-18"
      Then Ann has two orders
      And the stock of Tea is 6
      And the order confirmation is queued twice

    Scenario: Without a slip, the same order twice is two orders
      When Ann orders 2 Tea
      And Ann orders 2 Tea
      Then Ann has two orders
      And the stock of Tea is 6
      And the order confirmation is queued twice

    Scenario: A slip is its customer's own
      Given Ben is a member
      When Ann orders 2 Tea on the slip "A-17"
      And Ben orders 3 Tea on the slip "A-17"
      Then Ann has one order
      And Ben has one order
      And the stock of Tea is 5
      And the order confirmation is queued for Ann's order
      And the order confirmation is queued for Ben's order

  Rule: What became of an order is told again, whatever it was

    Scenario: A declined order is sent again
      Given the payment provider declines: "the card has expired"
      When Ann tries to order 2 Tea on the slip "A-17"
      Then Ann is told that this is declined
      When Ann tries to order 2 Tea on the slip "A-17"
      Then Ann is told that this is declined
      And nothing has changed
      And Ann has one order

    Scenario: An order that awaits its payment is sent again
      Given the payment provider is too slow
      When Ann tries to order 2 Tea on the slip "A-17"
      Then Ann is told that this is accepted for later
      When Ann tries to order 2 Tea on the slip "A-17"
      Then Ann is told that this is accepted for later
      And nothing has changed
      And Ann has one order

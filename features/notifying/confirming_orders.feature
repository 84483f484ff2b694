@critical @fixture.payments
Feature: Confirming orders
  A customer who has paid gets a confirmation by e-mail.
  It is prepared together with the order and sent in the background,
  so that nobody waits for the mail server.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: A confirmation is queued with its order, and sent when the background work is done

    Scenario: The confirmation waits until the background work is done
      When Ann orders 2 Tea
      Then the order confirmation is queued for Ann's order
      And nobody is told anything by e-mail

    Scenario: The confirmation is sent when the background work is done
      When Ann orders 2 Tea
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And nothing is queued

    Scenario: The confirmation says what was ordered
      When Ann orders 2 Tea
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And the whole e-mail about Ann's order says
        """
        Hello Ann,

        thank you for your order [number]:

        2 × Tea, 5.00 EUR

        Corner Shop
        """

    Scenario: Each customer gets their own confirmation
      Given Ben is a member
      When Ann orders 2 Tea
      And Ben orders 3 Tea
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And the e-mail says "2 × Tea, 5.00 EUR"
      And Ben is told by e-mail "Order confirmed"
      And the e-mail says "3 × Tea, 7.50 EUR"

  Rule: No confirmation without a paid order

    Scenario: An order that is refused is not confirmed
      When Ann tries to order 11 Tea
      Then Ann is told that this is in conflict
      When the background work is done
      Then Ann has no order
      And nobody is told anything by e-mail

    Scenario: An order whose payment is declined is not confirmed
      Given the payment provider declines: "the card has expired"
      When Ann tries to order 2 Tea
      Then Ann is told that this is declined
      When the background work is done
      Then Ann's order was declined
      And nobody is told anything by e-mail

    Scenario: An order that awaits its payment is not confirmed yet
      Given the payment provider is too slow
      When Ann tries to order 2 Tea
      Then Ann is told that this is accepted for later
      When the background work is done
      Then Ann's order awaits payment
      And nobody is told anything by e-mail

    Scenario: An order that was cancelled before the mail could go is not confirmed
      When Ann orders 2 Tea
      And Ann cancels Ann's order
      And the background work is done
      Then Ann's order is cancelled
      And nobody is told anything by e-mail

  Rule: The confirmation goes to the address that the order was placed with

    Scenario: A customer has left when the confirmation is sent
      When Ann orders 2 Tea
      And an admin deletes the account of Ann
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"

@critical @services @stops.memory @fixture.clock @fixture.payments
Feature: Restarting the shop's memory
  The shop's memory, in which everything is kept, has to be restarted now and then.
  Whoever asks at that very moment may be told to come back;
  after that everybody is served, and nothing is half done.

  Background:
    Given Ann is a member
    And Ben is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: What was under way is not done by half, and can be sent again

    Scenario: The memory restarts while a customer is ordering
      When the shop's memory restarts while Ann orders 2 Tea on the slip "A-17"
      Then Ann is told that this is unavailable
      And Ann is told to come back in 5 seconds
      And the reason given is "The shop is busy. Try again shortly."
      And the operators find "does not answer" in the log
      And Ann has no order
      And the stock of Tea is 10

    Scenario: The customer sends the order again
      When the shop's memory restarts while Ann orders 2 Tea on the slip "A-17"
      And Ann orders 2 Tea on the slip "A-17"
      Then Ann has one order
      And the stock of Tea is 8
      And the payment provider has taken 5.00 EUR once
      And the order confirmation is queued for Ann's order
      And the operators find "does not answer" in the log

  Rule: After a restart one customer at most is told to come back

    Scenario: Several customers had been served at the same moment before
      When Ann and Ben order 1 Tea at the same moment
      And the shop's memory restarts
      And Ann looks around six times
      Then somebody was told to come back once at most
      And Ann has one order
      And Ben has one order
      And the order confirmation is queued twice

    Scenario: A confirmation that was waiting goes out
      When Ann orders 2 Tea
      And the background work is done
      And Ben orders 3 Tea
      And the shop's memory restarts
      And the background work is done
      And 1 minute passes
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And Ben is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
      And nothing is queued

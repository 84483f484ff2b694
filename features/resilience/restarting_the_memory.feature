@critical @services @stops.memory @fixture.payments
Feature: Restarting the shop's memory
  The shop's memory, in which everything is kept, has to be restarted now and then.
  Whoever asks at that very moment is told to come back;
  nothing is half done, and after it everybody is served.

  Background:
    Given Ann is a member
    And Ben is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: What was under way is not done by half, and can be sent again

    Scenario: The memory restarts while a customer is ordering
      When Ann's order of 2 Tea on the slip "A-17" is cut short by a restart
      Then Ann is told that this is unavailable
      And Ann is told to come back in 5 seconds
      And the reason given is "The shop is busy. Try again shortly."
      And the operators find "does not answer" in the log
      And Ann has no order
      And the stock of Tea is 10

    Scenario: The customer sends the order again
      When Ann's order of 2 Tea on the slip "A-17" is cut short by a restart
      And Ann orders 2 Tea on the slip "A-17"
      Then Ann has one order
      And the stock of Tea is 8
      And the payment provider has taken 5.00 EUR once
      And the order confirmation is queued for Ann's order
      And the operators find "does not answer" in the log

  Rule: After a restart everybody is served

    Scenario: Several customers had been served at the same moment before, and come again
      When Ann and Ben order 1 Tea at the same moment
      And the shop's memory restarts
      And Ann and Ben order 2 Tea at the same moment
      Then both of them succeed
      And Ann has two orders
      And Ben has two orders
      And the stock of Tea is 4
      And the order confirmation is queued four times

    Scenario: A confirmation that was waiting goes out
      When Ann orders 2 Tea
      And the background work is done
      And Ben orders 3 Tea
      And the shop's memory restarts
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And Ben is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
      And nothing is queued

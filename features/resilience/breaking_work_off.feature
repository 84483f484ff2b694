@critical @services @fixture.clock @fixture.payments
Feature: Breaking background work off
  Whoever does the shop's background work may fall over in the middle of it.
  The work is not forgotten: whoever comes next does it,
  and the customer hears of it once.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: What was broken off is done by whoever comes next, after five minutes at the latest

    Scenario: The background work falls over in the middle of a confirmation
      When Ann orders 2 Tea
      And the background work falls over in the middle of an e-mail
      And 5 minutes pass
      And the background work is taken up again
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
      And nothing is queued

    Scenario: It is not done twice because somebody else takes it up at once
      When Ann orders 2 Tea
      And the background work falls over in the middle of an e-mail
      And the background work is taken up again
      And the background work is done
      Then nobody is told anything by e-mail

    Scenario: Somebody else is given it at once, and does it when nobody is at it any more
      When Ann orders 2 Tea
      Then the order confirmation is queued for Ann's order
      When the background work falls over in the middle of an e-mail
      And the background work is taken up again
      And the order confirmation is delivered a second time
      And the background work is done
      Then nobody is told anything by e-mail
      When 5 minutes pass
      And the shop does its regular chores
      Then Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail

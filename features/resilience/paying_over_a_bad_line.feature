@critical @fixture.clock
Feature: Paying over a bad line
  The payment provider keeps books: what it has taken under one key it takes once.
  So the shop may ask again whenever an answer fails to come,
  as long as it asks for one order under one key.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: Whatever becomes of the answers, the customer pays once and hears of it once

    Scenario Outline: The money is taken, and the answer comes too late <times>
      Given the payment provider takes the money, and answers too late <times>
      When Ann tries to order 2 Tea
      Then Ann <at first>
      When 2 minutes pass
      And the shop does its regular chores
      Then Ann's order is paid
      And the payment provider has taken 5.00 EUR once
      And the payment provider was asked <asked> to charge 5.00 EUR for Ann's order
      And the stock of Tea is 8
      And Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail

      Examples: at first, or whenever the customer's own request asks
        | times       | at first                                | asked      |
        | once        | succeeds                                | twice      |
        | three times | is told that this is accepted for later | four times |

    @services
    Scenario: The answer comes twice, because the shop's chores have asked meanwhile
      Given the payment provider thinks until the shop's chores have asked too, and answers both
      When Ann orders 2 Tea
      Then Ann's order is paid
      And the payment provider has taken 5.00 EUR once
      And the stock of Tea is 8
      And Ann is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
      And nothing is queued

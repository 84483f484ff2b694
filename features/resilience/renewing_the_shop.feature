@critical @services @fixture.payments
Feature: Renewing the shop
  A new version of the shop is put in the place of the old one while customers are there.
  Nobody is sent away for it:
  what the old one has begun it finishes, and the new one takes whoever comes.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: No request is lost

    Scenario: The shop is renewed while it is busy
      When the shop is renewed while Ann orders 2 Tea and others look around
      Then Ann succeeds
      And everybody who looked around was served
      And Ann has one order
      And the stock of Tea is 8
      And the payment provider has taken 5.00 EUR once
      And the order confirmation is queued for Ann's order

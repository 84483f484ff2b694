@critical @services @stops.queue @fixture.payments
Feature: Losing the queue for a while
  In the queue the shop's background work waits, and failed sign-ins are counted there.
  While it is gone the shop goes on serving,
  and what should have been queued is done when it is back.

  Background:
    Given Ann is a member
    And Ben is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

  Rule: Customers are served while the queue is gone

    Scenario: Customers order and sign in
      When the queue for background work stops
      And Ann orders 2 Tea
      And Ben signs in
      Then Ben is signed in
      And Ann's order is paid
      And the stock of Tea is 8

    Scenario: A password can still not be guessed
      When the queue for background work stops
      And a wrong password is entered 5 times for Ann
      And Ann tries to sign in
      Then Ann is told that this is slowed down

  Rule: Nothing is lost with the queue

    Scenario: Who ordered before it stopped, and who ordered meanwhile, gets a confirmation
      When Ann orders 2 Tea
      And the queue for background work stops
      And Ben orders 3 Tea
      And the queue for background work is started again
      And the shop does its regular chores
      Then Ann is told by e-mail "Order confirmed"
      And Ben is told by e-mail "Order confirmed"
      And nobody is told anything else by e-mail
      And nothing is queued

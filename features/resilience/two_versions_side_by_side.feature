Feature: Two versions of the shop side by side
  While the shop is renewed, an old version and a new one are at work at the same time.
  Work that only the new one knows waits for it, and stops nothing.

  Background:
    Given work is waiting that only a newer version of the shop knows

  Rule: Unknown work keeps nobody waiting

    Scenario: a visitor registers and is welcomed
      When an anonymous visitor registers as Nina
      And the background work is done
      Then Nina is told by e-mail "Welcome!"
      And the work is still waiting that only a newer version of the shop knows

    @fixture.payments
    Scenario: a customer orders and has the order confirmed
      Given Ann is a member
      And the shop sells Tea at 2.50 EUR, 10 in stock
      When Ann orders 2 Tea
      And the background work is done
      Then Ann is told by e-mail "Order confirmed"
      And the work is still waiting that only a newer version of the shop knows

    Scenario: the operators learn of it
      When the shop does its regular chores
      Then the operators find "This version of the shop does not know app.tasks.send_birthday_greetings: 1 wait for one that does." in the log
      And the work is still waiting that only a newer version of the shop knows

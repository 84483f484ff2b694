@fixture.payments
Feature: Telling of refunds
  Whoever is given money back hears of it by e-mail:
  how much it is this time, and how much it is in all.

  Background:
    Given Ann is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock
    And Ann has an order of 4 Tea that is paid

  Rule: Each refund is told of, with what was given back until then

    Scenario: The customer is told of a refund
      When an admin gives 2.50 EUR of Ann's order back
      And the background work is done
      Then Ann is told by e-mail "Your refund"
      And the whole e-mail about Ann's order says
        """
        Hello Ann,

        we have given back 2.50 EUR for your order [number]:

        4 × Tea, 10.00 EUR

        In all, we have given back 2.50 EUR of it.

        Corner Shop
        """

    Scenario: The customer is told what was given back in all
      Given 2.50 EUR of Ann's order has been given back before
      When an admin gives 5.00 EUR of Ann's order back
      And the background work is done
      Then Ann is told by e-mail "Your refund"
      And the e-mail says "In all, we have given back 7.50 EUR of it."

Feature: Greeting

  Scenario: Somebody who is known is greeted by name
    When "Ann" asks for a greeting
    Then the greeting is "Hello, Ann!"

  Scenario: There is no greeting for somebody else
    When "Zoe" asks for a greeting
    Then the greeting does not exist

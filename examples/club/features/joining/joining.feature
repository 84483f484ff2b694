Feature: Joining the club
  The chair admits people, one at a time.
  Whoever is admitted hears of it by e-mail.

  Rule: Whoever is admitted is welcomed

    Scenario: Somebody is admitted
      When the chair admits "Zoe" with the e-mail "zoe@example.com"
      Then zoe@example.com gets the e-mail "Welcome to the club"
      And the e-mail says "Good to have you, Zoe."

    Scenario: An e-mail that is none is refused
      When the chair tries to admit "Zoe" with the e-mail "zoe"
      Then the chair is told "this is no address"
      And nobody gets an e-mail

@critical
Feature: Joining through pages and apps alike
  Some customers use the pages, others an app.
  The shop refuses the same things to both, in the same words.

  Background:
    Given Mia is a member

  Rule: A registration is refused field by field

    Scenario Outline: through <through>, a registration with the <field> <entered> is refused
      When an anonymous visitor tries to register through <through> with the <field> <entered>
      Then an anonymous visitor is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      @browser
      Examples: on a page
        | through | field    | entered            | message                                            |
        | a page  | name     | only spaces        | This must not be blank.                            |
        | a page  | name     | 81 letters         | The name may have at most 80 characters.           |
        | a page  | e-mail   | "not-an-email"     | Enter an e-mail address such as ann@example.com.   |
        | a page  | e-mail   | "nina@example"     | Enter an e-mail address such as ann@example.com.   |
        | a page  | password | 7 letters          | The password needs at least 8 characters.          |
        | a page  | password | 129 letters        | The password may have at most 128 characters.      |
        | a page  | password | "nina@example.com" | The password must not be your name or your e-mail. |

      Examples: in an app
        | through | field    | entered            | message                                            |
        | an app  | name     | only spaces        | This must not be blank.                            |
        | an app  | name     | 81 letters         | The name may have at most 80 characters.           |
        | an app  | e-mail   | "not-an-email"     | Enter an e-mail address such as ann@example.com.   |
        | an app  | e-mail   | "nina@example"     | Enter an e-mail address such as ann@example.com.   |
        | an app  | password | 7 letters          | The password needs at least 8 characters.          |
        | an app  | password | 129 letters        | The password may have at most 128 characters.      |
        | an app  | password | "nina@example.com" | The password must not be your name or your e-mail. |

  Rule: An e-mail address has one account, whatever its case

    Scenario Outline: through <through>, nobody registers a second time with <e-mail>
      Given Nina has registered
      When an anonymous visitor tries to register through <through> with the e-mail <e-mail>
      Then an anonymous visitor is told that this is in conflict
      And the fault is in the e-mail: "An account with this e-mail exists already."
      And there is one account with the e-mail "nina@example.com"
      And nothing has changed

      @browser
      Examples: on a page
        | through | e-mail             |
        | a page  | "nina@example.com" |
        | a page  | "NINA@EXAMPLE.COM" |

      Examples: in an app
        | through | e-mail             |
        | an app  | "nina@example.com" |
        | an app  | "NINA@EXAMPLE.COM" |
        | an app  | "Nina@Example.com" |

  Rule: Only the right password opens an account

    Scenario Outline: through <through>, Mia is not let in with the <field> <entered>
      When Mia tries to sign in through <through> with the <field> <entered>
      Then Mia is told to sign in
      And the reason given is "The e-mail or the password is wrong."
      And nothing has changed

      @browser
      Examples: on a page
        | through | field    | entered                  |
        | a page  | password | "A Long Enough Password" |
        | a page  | password | "a long enough passwor"  |
        | a page  | e-mail   | "nobody@example.com"     |

      Examples: in an app
        | through | field    | entered                  |
        | an app  | password | "A Long Enough Password" |
        | an app  | password | "a long enough passwor"  |
        | an app  | e-mail   | "nobody@example.com"     |

    Scenario Outline: through <through>, the right password of a suspended account is told why it does not open
      Given Sam is a suspended member
      When Sam tries to sign in through <through> with the password "a long enough password"
      Then Sam is told that this is forbidden
      And the reason given is "This account is suspended."
      And nothing has changed

      @browser
      Examples: on a page
        | through |
        | a page  |

      Examples: in an app
        | through |
        | an app  |

  Rule: After 5 failures, through whichever door, signing in has to wait

    Scenario Outline: through <through>, nobody goes on guessing
      Given a wrong password has been entered 5 times for Mia
      When Mia tries to sign in through <through> with the password "a long enough password"
      Then Mia is told that this is slowed down
      And the reason given is "Too many attempts. Try again later."
      And nothing has changed

      @browser
      Examples: on a page
        | through |
        | a page  |

      Examples: in an app
        | through |
        | an app  |

@critical @fixture.payments
Feature: Rules that pages and apps keep alike
  Some customers use the pages, others an app.
  The shop refuses the same things to both, in the same words.

  Background:
    Given Mia is a member
    And the shop sells Tea at 2.50 EUR, 10 in stock

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

  Rule: Only whole PNG, JPEG and WebP pictures of up to 5 MB are taken

    Scenario Outline: through <through>, <picture> is refused
      When Mia tries to upload through <through> <picture>
      Then Mia is told that this is <word>
      And nothing has changed

      @browser
      Examples: on a page
        | through | picture                                        | word              |
        | a page  | half a PNG picture                             | invalid           |
        | a page  | the first bytes of a PNG picture and a script  | invalid           |
        | a page  | a PNG picture that claims 50000 x 50000 pixels | invalid           |
        | a page  | a letter called a picture                      | of the wrong type |
        | a page  | a GIF picture called a PNG picture             | of the wrong type |
        | a page  | a JPEG picture of 5 MB and 1 byte              | too large         |
        | a page  | a PNG picture of 6 MB                          | too large         |

      Examples: in an app
        | through | picture                                        | word              |
        | an app  | half a PNG picture                             | invalid           |
        | an app  | the first bytes of a PNG picture and a script  | invalid           |
        | an app  | a PNG picture that claims 50000 x 50000 pixels | invalid           |
        | an app  | a letter called a picture                      | of the wrong type |
        | an app  | a GIF picture called a PNG picture             | of the wrong type |
        | an app  | a JPEG picture of 5 MB and 1 byte              | too large         |
        | an app  | a PNG picture of 6 MB                          | too large         |

  Rule: An order is of 1 to 100 pieces, and of no more than there are

    Scenario Outline: through <through>, <quantity> pieces cannot be ordered
      When Mia tries to order <quantity> Tea through <through>
      Then Mia is told that this is invalid
      And the fault is in the quantity: "<message>"
      And nothing has changed

      @browser
      Examples: on a page
        | through | quantity | message                           |
        | a page  | 0        | The quantity must be 1 or more.   |
        | a page  | -1       | The quantity must be 1 or more.   |
        | a page  | 101      | The quantity must be 100 or less. |

      Examples: in an app
        | through | quantity | message                           |
        | an app  | 0        | The quantity must be 1 or more.   |
        | an app  | -1       | The quantity must be 1 or more.   |
        | an app  | 101      | The quantity must be 100 or less. |

    Scenario Outline: through <through>, <quantity> pieces are too many
      When Mia tries to order <quantity> Tea through <through>
      Then Mia is told that this is in conflict
      And the reason given is "Only 10 left."
      And nothing has changed

      @browser
      Examples: on a page
        | through | quantity |
        | a page  | 11       |
        | a page  | 100      |

      Examples: in an app
        | through | quantity |
        | an app  | 11       |
        | an app  | 100      |

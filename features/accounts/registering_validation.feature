Feature: Registering, what is refused
  A registration that the shop cannot take is refused field by field,
  in words that tell a visitor what to enter instead.
  Nobody is registered by it. What pages refuse too is in pages/joining_through_both_doors.feature.

  Rule: A name, an e-mail address and a password are needed, each of its kind

    Scenario Outline: the <field> <entered> is refused
      When an anonymous visitor tries to register with the <field> <entered>
      Then an anonymous visitor is told that this is invalid
      And the fault is in the <field>: "<message>"
      And nothing has changed

      Examples: names
        | field | entered                    | message                                     |
        | name  | missing                    | The name is missing.                        |
        | name  | empty                      | This must not be blank.                     |
        | name  | two lines                  | Enter one line, without control characters. |
        | name  | a control character        | Enter one line, without control characters. |
        | name  | a zero byte                | Enter one line, without control characters. |
        | name  | half a character           | This text cannot be stored.                 |
        | name  | a name with a hidden space | Invisible characters are not allowed.       |
        | name  | a name that runs backwards | Invisible characters are not allowed.       |
        | name  | a name of nothing to see   | Invisible characters are not allowed.       |
        | name  | a name of accents alone    | Invisible characters are not allowed.       |
        | name  | a name with a hidden tag   | Invisible characters are not allowed.       |
        | name  | a name with a hidden glue  | Invisible characters are not allowed.       |
        | name  | 7                          | The name must be text.                      |
        | name  | a list                     | The name must be text.                      |
        | name  | null                       | The name must be text.                      |

      Examples: e-mail addresses
        | field  | entered                                                 | message                                          |
        | e-mail | missing                                                 | The e-mail is missing.                           |
        | e-mail | empty                                                   | Enter an e-mail address such as ann@example.com. |
        | e-mail | 256 letters before "@test.com"                          | Enter an e-mail address such as ann@example.com. |
        | e-mail | '<script>alert("xss")</script>@test.com'                | Enter an e-mail address such as ann@example.com. |
        | e-mail | "nina@"                                                 | Enter an e-mail address such as ann@example.com. |
        | e-mail | "@example.com"                                          | Enter an e-mail address such as ann@example.com. |
        | e-mail | "nina@@example.com"                                     | Enter an e-mail address such as ann@example.com. |
        | e-mail | "nina@example.com, max@example.com"                     | Enter an e-mail address such as ann@example.com. |
        | e-mail | "Nina <nina@example.com>"                               | Enter an e-mail address such as ann@example.com. |
        | e-mail | "ninä@example.com"                                      | Enter an e-mail address such as ann@example.com. |
        | e-mail | "=?x?q?max=40example.com=2c?=nina@example.com"          | Enter an e-mail address such as ann@example.com. |
        | e-mail | "=?utf-8?q?a=0d=0aBcc:_max=40example.com?=@example.com" | Enter an e-mail address such as ann@example.com. |
        | e-mail | two lines                                               | Enter an e-mail address such as ann@example.com. |
        | e-mail | a zero byte                                             | Enter an e-mail address such as ann@example.com. |
        | e-mail | half a character                                        | Enter an e-mail address such as ann@example.com. |
        | e-mail | 7                                                       | The e-mail must be text.                         |
        | e-mail | a group of fields                                       | The e-mail must be text.                         |

      Examples: passwords
        | field    | entered            | message                                            |
        | password | missing            | The password is missing.                           |
        | password | empty              | The password needs at least 8 characters.          |
        | password | a zero byte        | Control characters are not allowed.                |
        | password | half a character   | This text cannot be stored.                        |
        | password | 12345678           | The password must be text.                         |
        | password | "NINA@Example.com" | The password must not be your name or your e-mail. |

      Examples: fields that nobody asked for
        | field          | entered                | message                 |
        | role           | "admin"                | There is no such field. |
        | standing       | active                 | There is no such field. |
        | number         | 1                      | There is no such field. |
        | day of joining | "2020-01-01T00:00:00Z" | There is no such field. |
        | nickname       | "Nini"                 | There is no such field. |

  Rule: Nobody takes the name of somebody who works for the shop

    Scenario Outline: nobody registers as <entered>
      Given the operators have made "ada@example.com", called "Ada Admin", an admin
      When an anonymous visitor tries to register with the name <entered>
      Then an anonymous visitor is told that this is in conflict
      And the fault is in the name: "Somebody who works for the shop is called so. Add something to your name."
      And nothing has changed

      Examples: what looks the same
        | entered                         |
        | "Ada Admin"                     |
        | "ADA  admin"                    |
        | "Ádá Admin"                     |
        | Ada Admin with a Cyrillic A     |
        | Ada Admin in full-width letters |

  Rule: A registration is a set of fields

    Scenario Outline: a registration by <body> is <verdict>
      When an anonymous visitor tries to register by sending <body>
      Then an anonymous visitor is told that this is <verdict>
      And nothing has changed

      Examples: what else may come
        | body                       | verdict           |
        | a form                     | of the wrong type |
        | a plain text               | of the wrong type |
        | a text of no stated type   | of the wrong type |
        | a broken text              | unreadable        |
        | nothing at all             | unreadable        |
        | a number that is none      | unreadable        |
        | garbled letters            | unreadable        |
        | lists in lists without end | unreadable        |
        | a list                     | invalid           |
        | a bare name                | invalid           |
        | an empty value             | invalid           |

    Scenario: whoever fills in nothing is told of every field at once
      When an anonymous visitor tries to register by sending an empty set of fields
      Then an anonymous visitor is told that this is invalid
      And the answer is as recorded
      And nothing has changed

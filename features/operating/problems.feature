Feature: Telling what is wrong
  Whatever goes wrong, the shop says so in one shape, in plain words,
  and tells nothing of what it is made of.

  Rule: What is wrong in itself is refused in one shape, whatever it is about

    Scenario Outline: whoever tries to <mistake> is told that this is <word>
      When an anonymous visitor tries to <mistake>
      Then an anonymous visitor is told that this is <word>
      And the answer is as recorded
      And the answer tells nothing of what the shop is made of
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it
      And the answer lets a browser load nothing
      And nothing has changed

      Examples: what cannot be done
        | mistake                      | word                   |
        | do what nobody ever heard of | not a thing one can do |
        | wipe out the whole catalogue | not a thing one can do |

      Examples: what was sent
        | mistake                                          | word              |
        | send a form                                      | of the wrong type |
        | send nothing                                     | of the wrong type |
        | send half a sentence                             | unreadable        |
        | send letters that nobody can read                | unreadable        |
        | send a box in a box in a box without end         | unreadable        |
        | send a list                                      | invalid           |
        | leave everything out                             | invalid           |
        | name a field with half a letter                  | invalid           |
        | send a whole book                                | too large         |
        | send something without saying how much will come | of unknown length |

    Scenario Outline: whoever tries to <mistake> is told that there is nothing
      When an anonymous visitor tries to <mistake>
      Then an anonymous visitor is told that this does not exist
      And the reason given is "There is nothing here."
      And the answer is as recorded
      And the answer tells nothing of what the shop is made of
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it
      And the answer lets a browser load nothing
      And nothing has changed

      Examples: pages that there are not
        | mistake                                 |
        | ask for a page that there is not        |
        | ask for a page with an odd name         |
        | write to a page that there is not       |
        | ask for a page with a line too many     |
        | ask with a browser for programs' things |

    Scenario Outline: whoever tries to <mistake> is told to sign in
      When an anonymous visitor tries to <mistake>
      Then an anonymous visitor is told to sign in
      And programs are told to sign in to "Corner Shop" with a token
      And the answer is as recorded
      And the answer tells nothing of what the shop is made of
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it
      And the answer lets a browser load nothing

      Examples: nobody knows who it is
        | mistake                            |
        | come without a token               |
        | come with a token that was made up |

    Scenario Outline: whoever tries to <action> as <who> is told so
      Given a shop with a member, a product, an order and a post
      When <who> tries to <action> by <request>
      Then <who> <verdict> <action>
      And the reason given is "<reason>"
      And the answer is as recorded

      Examples: who may not
        | who               | verdict | action        | request            | reason                          |
        | a user            | may not | add a product | POST /api/products | You are not allowed to do this. |
        | a suspended admin | may not | list users    | GET /api/users     | This account is suspended.      |

    Scenario Outline: whoever tries to <mistake> is told what can be done there
      When an anonymous visitor tries to <mistake>
      Then an anonymous visitor is told that this is not a thing one can do
      And the answer says that one can <methods> there

      Examples: what can be done
        | mistake                      | methods                  |
        | wipe out the whole catalogue | GET, HEAD, OPTIONS, POST |
        | do what nobody ever heard of | GET, HEAD, OPTIONS       |

  Rule: What nobody thought of is the shop's own fault, and its operators learn of it

    # Such a fault is put into the shop's own process; no answer from outside brings it about.
    @critical @embedded
    Scenario Outline: a fault that nobody thought of: <fault>
      Given something in the shop breaks that nobody thought of: <fault>
      When an anonymous visitor tries to ask for the weather in "Berlin"
      Then an anonymous visitor is told that it is the shop's own fault, and no more
      And the answer tells nothing of what the shop is made of
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it
      And the answer lets a browser load nothing
      And the operators find "Exception on" in the log
      And nothing in the shop has changed

      Examples: faults
        | fault                                       |
        | the shop stumbles over a wire               |
        | the shop cannot make sense of its own words |

  Rule: Good answers are kept as safe as bad ones

    Scenario: an answer with nothing wrong
      When an anonymous visitor asks whether the shop is well
      Then an anonymous visitor succeeds
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it
      And the answer lets a browser load nothing
      And the answer tells nothing of what the shop is made of

    Scenario: a page
      When an anonymous visitor reads the documentation
      Then an anonymous visitor succeeds
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it
      And the answer lets a browser load its own style

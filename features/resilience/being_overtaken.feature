# What somebody else does is put just before a statement of the shop's, in its own process.
@embedded
Feature: Being overtaken
  Two people change one thing at the same moment, and one of them is the second.
  They are told so, nothing is half done, and nobody sees a fault of the shop's.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: Whoever is second is told, and nothing of theirs is half done

    Scenario Outline: <what>, and <who> is told so who tries to <action>
      Given <what> at the same moment
      When <who> tries to <action> by <request>
      Then <who> is told that this is in conflict
      And the reason given is "<reason>"

      Examples: what is gone cannot be changed
        | what                                         | who        | action           | request                  | reason                                                              |
        | the post is deleted                          | the author | change a post    | PATCH /api/posts/{id}    | Somebody changed this at the same moment. Look at it and try again. |
        | the post is deleted before it can be shown   | the author | change a post    | PATCH /api/posts/{id}    | Somebody changed this at the same moment. Look at it and try again. |
        | the account is deleted before it can change  | an admin   | change a user    | PATCH /api/users/{id}    | Somebody changed this at the same moment. Look at it and try again. |
        | the account is deleted before it can publish | a member   | publish a post   | POST /api/posts          | Somebody changed this at the same moment. Look at it and try again. |
        | the account is deleted at once               | a member   | upload an avatar | POST /api/profile/avatar | Somebody changed this at the same moment. Look at it and try again. |
        | the product goes off sale                    | a user     | place an order   | POST /api/orders         | Something changed at the same moment. Try again.                    |

      Examples: no money is given back for what was cancelled already
        | what                   | who          | action                | request                      | reason                                                             |
        | the order is cancelled | an admin     | mark an order as sent | POST /api/orders/{id}/send   | Only a paid order can be sent.                                     |
        | the order is cancelled | an admin     | refund an order       | POST /api/orders/{id}/refund | Only a paid order can be refunded.                                 |
        | the order is cancelled | the customer | cancel an order       | POST /api/orders/{id}/cancel | Only an order that is paid or awaits its payment can be cancelled. |

    Scenario Outline: Nothing is left of a picture when <what>
      Given <what> at the same moment
      When <who> tries to <action> by <request>
      Then <who> is told that this is in conflict
      And the shop keeps no pictures, under names of its own

      Examples: a picture
        | what                           | who      | action           | request                  |
        | the account is deleted at once | a member | upload an avatar | POST /api/profile/avatar |

    Scenario Outline: Whoever tries to <action> when <what> has what they wanted
      Given <what> at the same moment
      When <who> tries to <action> by <request>
      Then <who> succeeds

      Examples: what was to go is gone
        | what                   | who      | action        | request                |
        | the account is deleted | an admin | delete a user | DELETE /api/users/{id} |

    Scenario Outline: Whoever tries to <action> when <what> has to sign in
      Given <what> at the same moment
      When <who> tries to <action> by <request>
      Then <who> is told to sign in
      And the reason given is "This token was revoked meanwhile."

      Examples: nobody knows any more who it is
        | what                 | who      | action   | request                    |
        | the token is revoked | a member | sign out | DELETE /api/tokens/current |

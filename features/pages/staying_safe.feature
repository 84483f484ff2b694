@critical
Feature: Staying safe on the pages
  Nobody acts in a customer's name, from another site or with an old session.
  What the browser is handed stays with the shop.

  Background:
    Given a shop with a member, a product, an order and a post

  Rule: A form that another site sends does nothing

    Scenario Outline: another site tries to <action> in the name of a user
      When another site tries to <action> in the name of a user
      Then a user is told that this is unreadable
      And the reason given is "This form is from another session. Look at it and send it again."
      And nothing has changed

      Examples: every form
        | action                     |
        | register on a page         |
        | sign in on a page          |
        | sign out on a page         |
        | order on a page            |
        | choose one's own city      |
        | upload a picture on a page |
        | remove one's own picture   |

    Scenario: another site tries to mark an order as sent in the name of an admin
      When another site tries to mark an order as sent on a page in the name of an admin
      Then an admin is told that this is unreadable
      And the reason given is "This form is from another session. Look at it and send it again."
      And nothing has changed

    Scenario: whoever takes a picture away by the form of another session sees the dashboard again
      When another site tries to remove one's own picture in the name of a user
      Then a user is told that this is unreadable
      And there are 0 orders on the page

    Scenario Outline: what is sent as <what> is no form
      When an anonymous visitor tries to send the page's form to sign in as <what>
      Then an anonymous visitor is told that this is unreadable
      And nothing has changed

      Examples: what programs send
        | what            |
        | a list          |
        | a number        |
        | a text          |
        | a list of lists |
        | a set of fields |
        | half a set      |

  Rule: Signing in begins anew

    Scenario: the browser is handed a new session, out of reach of scripts and of other sites
      When a user signs in on the page on the way to "/dashboard"
      Then a user succeeds
      And the browser is handed what scripts and other sites cannot reach, for 24 hours
      And a user has to sign in again

    # A line is secure where the shop itself, or the proxy before it, says so.
    @embedded
    Scenario: what was handed over a secure line goes over no other
      When a user signs in on the page over a secure line
      Then a user succeeds
      And the browser is handed what no open line carries, for 24 hours
      And the browser is to come by a secure line alone, for 730 days

    Scenario: signing out takes away what the browser was handed
      When a user signs out over an open line
      Then a user succeeds
      And the browser is told to forget what it was handed over an open line

    @embedded
    Scenario: signing out takes away what the browser was handed over a secure line
      When a user signs out over a secure line
      Then a user succeeds
      And the browser is told to forget what it was handed over a secure line

  Rule: Whoever is suspended is nobody to the pages

    Scenario: the browser of a suspended account is shown the shop as a visitor's is
      When the browser of a suspended admin asks for the shop's page
      Then the page says "Good things from around the corner. Sign in to order."

  Rule: A page lets a browser load what is the shop's own, and nothing else

    Scenario Outline: what a browser loads for <page>
      When the browser of <who> asks for <page>
      Then the answer lets a browser load the shop's own styles, pictures and scripts
      And the answer forbids browsers to frame it, guess its type, pass its address on or keep it

      Examples: pages
        | who                  | page                 |
        | an anonymous visitor | the shop's page      |
        | an anonymous visitor | the page to sign in  |
        | an anonymous visitor | the page to register |
        | a user               | the dashboard        |
        | an admin             | the admin's page     |

  Rule: Whoever has to sign in is led there, and back to what they looked at

    Scenario Outline: a visitor who asks for <place> is led to sign in
      When the browser of an anonymous visitor tries to ask for the address "<place>"
      Then an anonymous visitor is told to sign in
      And the way on is "<way>"

      Examples: what is not for visitors
        | place          | way                            |
        | /dashboard     | /sign-in?next=/dashboard       |
        | /admin?users=2 | /sign-in?next=/admin?users%3D2 |

    Scenario: a visitor who sends a form is led to sign in, and not back to it
      When an anonymous visitor tries to sign out on a page by POST /sign-out
      Then an anonymous visitor is told to sign in
      And the way on is "/sign-in"

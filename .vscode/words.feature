# Made by `behave-flask ide`: the words of each type in a sentence, so that the editor can offer them.
# Nobody plays it. It is made anew with each call.
Feature: Words

  Scenario: task:Task
    * the welcome for Ann is waiting to be sent
    * the order confirmation for Ann is waiting to be sent
    * the news of the refund for Ann is waiting to be sent
    * the news of the dispatch for Ann is waiting to be sent
    * the news of the declined payment for Ann is waiting to be sent

  Scenario: fault:Fault
    * something in the shop breaks that nobody thought of: the shop stumbles over a wire
    * something in the shop breaks that nobody thought of: the shop cannot make sense of its own words

  Scenario: status:OrderStatus
    * Ben has an order of 3 Tea that awaits payment
    * Ben has an order of 3 Tea that is paid
    * Ben has an order of 3 Tea that was declined
    * Ben has an order of 3 Tea that is cancelled
    * Ben has an order of 3 Tea that is refunded

  Scenario: browser:Browser
    * a browser on a desk
    * a browser on a phone
    * a browser without scripts
    * a browser without scripts on a phone
    * a browser in the dark

  Scenario: trouble:Trouble
    * the payment provider is too slow
    * the payment provider cannot be reached
    * the payment provider has a fault of its own
    * the payment provider is being repaired
    * the payment provider asks us to slow down
    * the payment provider answers nonsense
    * the payment provider answers with a list
    * the payment provider gives no number
    * the payment provider gives a number that is none
    * the payment provider gives an endless number
    * the payment provider never stops talking
    * the payment provider sends us elsewhere
    * the payment provider does not know us
    * the payment provider does not understand us
    * the payment provider does not like us
    * the payment provider has moved away
    * the payment provider declines without a reason

  Scenario: times:Times
    * the payment provider takes the money, and answers too late once
    * the payment provider takes the money, and answers too late twice
    * the payment provider takes the money, and answers too late three times
    * the payment provider takes the money, and answers too late four times
    * the payment provider takes the money, and answers too late six times

  Scenario: thought:Thought
    * the payment provider takes the money after a while, in which the order is cancelled
    * the payment provider declines after a while, in which the order is cancelled

  Scenario: what:Happens
    * the post is deleted at the same moment
    * the post is deleted before it can be shown at the same moment
    * the product goes off sale at the same moment
    * the account is deleted at the same moment
    * the account is deleted before it can change at the same moment
    * the account is deleted before it can publish at the same moment
    * the account is deleted at once at the same moment
    * the order is cancelled at the same moment
    * the token is revoked at the same moment

  Scenario: trouble:WeatherTrouble
    * the weather provider is too slow
    * the weather provider is too slow to be reached
    * the weather provider refuses the connection
    * the weather provider has a fault of its own
    * the weather provider is overloaded
    * the weather provider is overloaded for 30 seconds
    * the weather provider asks us to slow down
    * the weather provider asks us to wait 2 minutes
    * the weather provider asks us to wait until five past noon
    * the weather provider asks us to wait until ten past noon
    * the weather provider asks us to wait a day
    * the weather provider asks us to wait a day and a second
    * the weather provider asks us to wait no time
    * the weather provider asks us to wait a year
    * the weather provider asks us to wait until yesterday
    * the weather provider asks us to wait for a moment
    * the weather provider names a year beyond all calendars
    * the weather provider is cut off in the middle
    * the weather provider packs what was asked plain
    * the weather provider answers with a page
    * the weather provider breaks off
    * the weather provider answers with a list
    * the weather provider leaves out the degrees
    * the weather provider leaves out everything
    * the weather provider leaves out the sky
    * the weather provider writes the degrees as text
    * the weather provider calls the degrees true
    * the weather provider knows no degrees
    * the weather provider gives degrees that are no number
    * the weather provider gives endless degrees
    * the weather provider gives degrees of another world
    * the weather provider gives degrees below all that is cold
    * the weather provider gives an empty sky
    * the weather provider gives the sky as a number
    * the weather provider describes the sky in 81 letters
    * the weather provider writes in letters that nobody can read
    * the weather provider says as much as the shop reads
    * the weather provider says a letter more than the shop reads
    * the weather provider answers without weather
    * the weather provider sends us elsewhere
    * the weather provider does not know us
    * the weather provider does not understand us
    * the weather provider does not like us

  Scenario: measure:Measure
    * Ada tries to delete Ada
    * Ada tries to suspend Ada
    * Ada tries to demote Ada

  Scenario: field:AccountField
    * Ada opens an account for Nina with the e-mail "chosen by Ada"
    * Ada opens an account for Nina with the standing "chosen by Ada"
    * Ada opens an account for Nina with the number "chosen by Ada"
    * Ada opens an account for Nina with the picture "chosen by Ada"
    * Ada opens an account for Nina with the day of joining "chosen by Ada"
    * Ada opens an account for Nina with the name "chosen by Ada"
    * Ada opens an account for Nina with the password "chosen by Ada"
    * Ada opens an account for Nina with the role "chosen by Ada"
    * Ada opens an account for Nina with the nickname "chosen by Ada"

  Scenario: times:Count
    * the background work is tried no time
    * the background work is tried one time
    * the background work is tried two time
    * the background work is tried three time
    * the background work is tried four time
    * the background work is tried five time
    * the background work is tried six time
    * the background work is tried seven time
    * the background work is tried eight time
    * the background work is tried nine time

  Scenario: ends:LineEnd
    * somebody who has not signed in tries to post, and the line is shut in the middle
    * somebody who has not signed in tries to post, and the line breaks, who never said how much will come in the middle

  Scenario: server:MailServer
    * the shop sends a mail by a mail server that takes what comes
    * the shop sends a mail by a mail server that asks who is there
    * the shop sends a mail by a mail server that asks for a name alone
    * the shop sends a mail by a mail server that talks in secret

  Scenario: page:Page
    * the browser of an anonymous visitor asks for the shop's page
    * the browser of an anonymous visitor asks for the page to register
    * the browser of an anonymous visitor asks for the page to sign in
    * the browser of an anonymous visitor asks for the dashboard
    * the browser of an anonymous visitor asks for the admin's page

  Scenario: form:Form
    * an anonymous visitor tries to register on the page with the name only spaces
    * an anonymous visitor tries to sign in on the page with the name only spaces
    * an anonymous visitor tries to order on the page with the name only spaces
    * an anonymous visitor tries to choose a city on the page with the name only spaces
    * an anonymous visitor tries to show a picture on the page with the name only spaces

  Scenario: field:FormField
    * an anonymous visitor tries to register on the page with the city only spaces
    * an anonymous visitor tries to register on the page with the e-mail only spaces
    * an anonymous visitor tries to register on the page with the name only spaces
    * an anonymous visitor tries to register on the page with the password only spaces
    * an anonymous visitor tries to register on the page with the picture only spaces
    * an anonymous visitor tries to register on the page with the pieces only spaces

  Scenario: upload:Upload
    * a user tries to show on the page a PNG picture
    * a user tries to show on the page a JPEG picture
    * a user tries to show on the page a WebP picture
    * a user tries to show on the page half a PNG picture
    * a user tries to show on the page half a JPEG picture
    * a user tries to show on the page half a WebP picture
    * a user tries to show on the page a photo taken in a mirror
    * a user tries to show on the page a photo taken upside down
    * a user tries to show on the page a photo taken on its right side
    * a user tries to show on the page a photo taken on its left side
    * a user tries to show on the page a PNG picture that tells where it was taken
    * a user tries to show on the page a PNG picture that has a note in it
    * a user tries to show on the page a PNG picture that has a script behind it
    * a user tries to show on the page a JPEG picture that tells where it was taken
    * a user tries to show on the page a JPEG picture that has a note in it
    * a user tries to show on the page a JPEG picture that has a script behind it
    * a user tries to show on the page a WebP picture that tells where it was taken
    * a user tries to show on the page a WebP picture that has a note in it
    * a user tries to show on the page a WebP picture that has a script behind it
    * a user tries to show on the page a see-through PNG picture
    * a user tries to show on the page a PNG picture of few colours
    * a user tries to show on the page a PNG picture in fine greys
    * a user tries to show on the page a JPEG picture in colours for print
    * a user tries to show on the page a moving PNG picture
    * a user tries to show on the page a moving WebP picture
    * a user tries to show on the page a JPEG picture of 5 MB and 1 byte
    * a user tries to show on the page a PNG picture of 6 MB
    * a user tries to show on the page a letter called a picture
    * a user tries to show on the page a GIF picture called a PNG picture
    * a user tries to show on the page a black PNG picture of 25 million pixels
    * a user tries to show on the page a black PNG picture of 25 million pixels and one
    * a user tries to show on the page a PNG picture that claims 50000 x 50000 pixels
    * a user tries to show on the page a PNG picture of no pixels
    * a user tries to show on the page a PNG picture with a note that unfolds to 20 million letters
    * a user tries to show on the page a JPEG picture that is drawn over 10000 times
    * a user tries to show on the page a PNG picture with 4000 colour profiles
    * a user tries to show on the page a PNG picture without its end
    * a user tries to show on the page a PNG picture with a spoilt byte
    * a user tries to show on the page the first bytes of a PNG picture and a script

  Scenario: mistake:Mistake
    * an anonymous visitor tries to ask for a page that there is not
    * an anonymous visitor tries to ask for a page with an odd name
    * an anonymous visitor tries to ask with a browser for programs' things
    * an anonymous visitor tries to ask for a page with a line too many
    * an anonymous visitor tries to write to a page that there is not
    * an anonymous visitor tries to wipe out the whole catalogue
    * an anonymous visitor tries to do what nobody ever heard of
    * an anonymous visitor tries to send a form
    * an anonymous visitor tries to send nothing
    * an anonymous visitor tries to send half a sentence
    * an anonymous visitor tries to send letters that nobody can read
    * an anonymous visitor tries to send a box in a box in a box without end
    * an anonymous visitor tries to send a list
    * an anonymous visitor tries to leave everything out
    * an anonymous visitor tries to name a field with half a letter
    * an anonymous visitor tries to send a whole book
    * an anonymous visitor tries to send something without saying how much will come
    * an anonymous visitor tries to come without a token
    * an anonymous visitor tries to come with a token that was made up

  Scenario: line:Line
    * a user signs out over an open line
    * a user signs out over a secure line

  Scenario: door:Door
    * Mia tries to order 0 Tea through an app
    * Mia tries to order 0 Tea through a page

  Scenario: field:DoorField
    * an anonymous visitor tries to register through a page with the name only spaces
    * an anonymous visitor tries to register through a page with the e-mail only spaces
    * an anonymous visitor tries to register through a page with the password only spaces

  Scenario: other:Other
    * Mia tries to upload a letter called "letter.txt", sent as text
    * Mia tries to upload the words fake image data called "letter.txt", sent as text
    * Mia tries to upload an HTML page called "letter.txt", sent as text
    * Mia tries to upload an SVG drawing called "letter.txt", sent as text
    * Mia tries to upload a PDF document called "letter.txt", sent as text
    * Mia tries to upload a GIF picture called "letter.txt", sent as text
    * Mia tries to upload a BMP picture called "letter.txt", sent as text
    * Mia tries to upload a sound called "letter.txt", sent as text
    * Mia tries to upload an empty file called "letter.txt", sent as text

  Scenario: claim:Claim
    * Mia tries to upload a letter called "letter.txt", sent as PNG
    * Mia tries to upload a letter called "letter.txt", sent as JPEG
    * Mia tries to upload a letter called "letter.txt", sent as WebP
    * Mia tries to upload a letter called "letter.txt", sent as GIF
    * Mia tries to upload a letter called "letter.txt", sent as BMP
    * Mia tries to upload a letter called "letter.txt", sent as SVG
    * Mia tries to upload a letter called "letter.txt", sent as HTML
    * Mia tries to upload a letter called "letter.txt", sent as PDF
    * Mia tries to upload a letter called "letter.txt", sent as text

  Scenario: kind:Kind
    * Mia uploads a PNG picture of 5 MB
    * Mia uploads a JPEG picture of 5 MB
    * Mia uploads a WebP picture of 5 MB
    * Mia uploads a GIF picture of 5 MB
    * Mia uploads a BMP picture of 5 MB

  Scenario: purpose:Purpose
    * the operators look at the settings of a shop for customers
    * the operators look at the settings of a shop for development
    * the operators look at the settings of a shop for tests

  Scenario: setting:Setting
    * the operators look at the settings of a shop for customers with the secret key "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the address of its memory "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the address of the queue "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the address of the payment provider "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the key of the payment provider "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the key of the weather provider "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the address of the mail server "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the number of proxies "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the hours of a session "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the rounds of a password "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the KiB of a password "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the port of the mail server "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the seconds to wait for a provider "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the seconds between two tries "postgres://db.example.com/shop"
    * the operators look at the settings of a shop for customers with the seconds to remember the weather "postgres://db.example.com/shop"

  Scenario: verdict:Verdict
    * an anonymous visitor may register
    * an anonymous visitor may not register
    * an anonymous visitor must sign in to register
    * an anonymous visitor finds nothing when trying to register

  Scenario: sees:Sees
    * Max sees the number of Mia
    * Max does not see the number of Mia

  Scenario: word:Word
    * Nina is told that this is must sign in
    * Nina is told that this is declined
    * Nina is told that this is forbidden
    * Nina is told that this is does not exist
    * Nina is told that this is not a thing one can do
    * Nina is told that this is in conflict
    * Nina is told that this is too large
    * Nina is told that this is of the wrong type
    * Nina is told that this is invalid
    * Nina is told that this is slowed down
    * Nina is told that this is unavailable
    * Nina is told that this is unreadable
    * Nina is told that this is of unknown length
    * Nina is told that this is accepted for later

  Scenario: demand:Demand
    * the shop has told them to sign in, and goes on
    * the shop has told them to say how much will come, and goes on

  Scenario: who:Sender
    * the shop takes it to come from the browser over an open line to localhost
    * the shop takes it to come from the first proxy over an open line to localhost
    * the shop takes it to come from the last proxy over an open line to localhost

  Scenario: what:Listed
    * there are 10 products on the page
    * there are 10 posts on the page
    * there are 10 orders on the page
    * there are 10 orders of everybody on the page
    * there are 10 users on the page

  Scenario: lost:Lost
    * the form is there again as it was filled in, but for everything
    * the form is there again as it was filled in, but for the city
    * the form is there again as it was filled in, but for the e-mail
    * the form is there again as it was filled in, but for the name
    * the form is there again as it was filled in, but for the password
    * the form is there again as it was filled in, but for the picture
    * the form is there again as it was filled in, but for the pieces

  Scenario: what:Loaded
    * the answer lets a browser load nothing
    * the answer lets a browser load its own style
    * the answer lets a browser load the shop's own styles, pictures and scripts

  Scenario: count:Count
    * Ann has no orders
    * Ann has one orders
    * Ann has two orders
    * Ann has three orders
    * Ann has four orders
    * Ann has five orders
    * Ann has six orders
    * Ann has seven orders
    * Ann has eight orders
    * Ann has nine orders

  Scenario: of:Books
    * an admin sees among the users
    * an admin sees among the orders

  Scenario: tries:Times
    * it gives up after 3 letters, once, because of "an answer that does not end"
    * it gives up after 3 letters, twice, because of "an answer that does not end"
    * it gives up after 3 letters, three times, because of "an answer that does not end"
    * it gives up after 3 letters, four times, because of "an answer that does not end"
    * it gives up after 3 letters, six times, because of "an answer that does not end"

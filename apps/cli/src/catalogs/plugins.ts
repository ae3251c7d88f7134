// Importing an architecture registers it.
import '@convzoo/alexnet'

# Says what it runs with, refuses to start without a database, and serves the catalogue.
if [ -z "$DATABASE_URL" ]; then
  echo "cannot start: DATABASE_URL is not set"
  exit 3
fi
echo "shop api, $FORMATION: prices in $CURRENCY, caches $CACHE_HOSTS, log level $LOG_LEVEL"
exec httpd -p 8080 -h /app/catalogue

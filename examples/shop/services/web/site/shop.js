const response = await fetch('/api/products.json');
const list = document.querySelector('#products');
for (const { name, price } of await response.json()) {
  const item = document.createElement('li');
  item.textContent = `${name}: ${(price / 100).toFixed(2)}`;
  list.append(item);
}

// In the place of the tests' own client, which knows fixed ports only. It answers in the same form.
async function graphqlRequest(url, request, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return response.json();
}

module.exports = {
  graphqlRequest,
  productsRequest: (request, headers) => graphqlRequest(process.env.PRODUCTS_URL, request, headers),
  routerRequest: (request, headers) => graphqlRequest(process.env.ROUTER_URL, request, headers),
};

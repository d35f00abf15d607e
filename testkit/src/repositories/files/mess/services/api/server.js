require('fastify')().listen({ port: process.env.PORT ?? 4000 });

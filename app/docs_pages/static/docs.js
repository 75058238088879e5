"use strict";

const target = document.getElementById("swagger-ui");

SwaggerUIBundle({
  url: target.dataset.url,
  domNode: target,
  deepLinking: true,
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
  showCommonExtensions: true,
  showExtensions: true,
  validatorUrl: null,
});

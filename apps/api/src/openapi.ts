import { Controller, Get, type INestApplication } from '@nestjs/common';
import { ApiExcludeController, DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Public } from '#platform';
import { version } from './version.ts';

let document: OpenAPIObject | null = null;

/** Drawn from the routes themselves, once they all exist. */
export function describeApi(app: INestApplication): void {
  const builder = new DocumentBuilder()
    .setTitle('Entrada')
    .setDescription('Errors are RFC 9457 problems. Writes of a cookie session carry x-csrf-token.')
    .setVersion(version)
    .addCookieAuth('entrada_session')
    .build();
  document = SwaggerModule.createDocument(app, builder);
}

@Controller('api/openapi.json')
@ApiExcludeController()
export class OpenApiController {
  @Get()
  @Public()
  read(): OpenAPIObject | null {
    return document;
  }
}

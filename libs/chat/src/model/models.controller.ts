import { Controller, Get } from '@nestjs/common';
import { type Model, modelsSchema } from '#contracts';
import { Access, Returns } from '#platform';
import { ModelCatalog } from '../config/model-catalog.ts';

@Controller('api/chat/models')
export class ModelsController {
  constructor(private readonly catalog: ModelCatalog) {}

  @Get()
  @Access('chat.read')
  @Returns(modelsSchema)
  list(): { items: Model[] } {
    return { items: this.catalog.items };
  }
}

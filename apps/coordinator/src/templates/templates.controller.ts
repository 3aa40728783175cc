import type { JsonObject } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Roles } from '../auth/roles.decorator';
import {
  TemplateBodyDto,
  TemplateDto,
  TemplateListDto,
  TemplateParams,
  TemplateValidationDto,
  TemplateVersionQuery,
} from './dto';
import { TemplatesService } from './templates.service';

@ApiTags('templates')
@Controller('templates')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get()
  @Roles('submit', 'read')
  @ApiOperation({ summary: 'The templates that new tasks can choose from' })
  @ApiOkResponse({ type: TemplateListDto })
  async list(): Promise<{ templates: JsonObject[] }> {
    return { templates: await this.templates.list() };
  }

  @Get(':name')
  @Roles('submit', 'read')
  @ApiOperation({ summary: 'A template, in the version that new tasks take or in an earlier one' })
  @ApiOkResponse({ type: TemplateDto })
  @ApiNotFoundResponse()
  read(
    @Param() { name }: TemplateParams,
    @Query() { version }: TemplateVersionQuery,
  ): Promise<JsonObject> {
    return this.templates.read(name, version);
  }

  @Put(':name')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Store a new version of a template',
    description:
      'Each call stores one, numbered on from the highest. New tasks take it; those that run keep theirs. ' +
      '`name` and `version` in the body count for nothing, so what GET answers can be changed and put back.',
  })
  @ApiBody({ type: TemplateBodyDto })
  @ApiCreatedResponse({ type: TemplateDto, description: '`Location` is the version’s own' })
  @ApiUnprocessableEntityResponse({
    description: 'It cannot run; `fields.problems` tells why, with paths',
  })
  async save(
    @Param() { name }: TemplateParams,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TaskTemplate> {
    const template = await this.templates.save(name, body);
    void reply.header('location', `/templates/${name}?version=${template.version}`);
    return template;
  }

  @Post('validate')
  @Roles('submit', 'read')
  @HttpCode(200)
  @ApiOperation({ summary: 'Look whether a template could be stored, without storing it' })
  @ApiBody({ type: TemplateBodyDto })
  @ApiOkResponse({ type: TemplateValidationDto })
  validate(@Body() body: unknown): TemplateValidationDto {
    const problems = this.templates.problems(body);
    return { valid: problems.length === 0, problems: [...problems] };
  }

  @Get(':name/diagram')
  @Roles('submit', 'read')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({ summary: 'A template drawn as a Mermaid flowchart' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ type: String })
  @ApiNotFoundResponse()
  diagram(
    @Param() { name }: TemplateParams,
    @Query() { version }: TemplateVersionQuery,
  ): Promise<string> {
    return this.templates.diagram(name, version);
  }
}

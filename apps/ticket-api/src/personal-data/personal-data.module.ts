import { Module } from '@nestjs/common';
import { ExportPersonalDataController } from './export-personal-data/export-personal-data.controller.js';
import { ExportPersonalData } from './export-personal-data/export-personal-data.js';
import { HeldHereStore } from './export-personal-data/held-here.store.js';

/** A person asks what is known. */
@Module({ controllers: [ExportPersonalDataController], providers: [ExportPersonalData, HeldHereStore] })
export class PersonalDataModule {}

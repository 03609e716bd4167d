// These come without types.
declare module "express";
declare module "express-pouchdb";
declare module "pouchdb";
declare module "ws";

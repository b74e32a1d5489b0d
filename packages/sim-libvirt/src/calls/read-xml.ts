import { errorCodes, errorDomains, type ErrorDomain } from "../failure/error-codes.ts";
import { Failure } from "../failure/failure.ts";
import type { XmlElement } from "../xml/element.ts";
import { parseXml, XmlSyntaxError } from "../xml/parse-xml.ts";

/**
 * Reads a document that a client sent.
 * @throws {Failure} xml-detail, with `what` as the document's name.
 */
export const readXml = (text: string, what: string, domain: ErrorDomain): XmlElement => {
  try {
    return parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlSyntaxError)) throw error;
    throw new Failure(errorCodes["xml-detail"].code, errorDomains[domain], `(${what}):${error.line}: ${error.message}`);
  }
};

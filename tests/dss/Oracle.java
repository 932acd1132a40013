// A second implementation of JAdES: the EU's DSS library judges signatures.
//
// Each line of standard input is a case, a JSON object. Each answer is a line of JSON on standard
// output. `tests/e2e/signatures/dss.rs` describes both. Java runs this file without compiling it first:
//
//     java -cp CLASSPATH tests/dss/Oracle.java tests/dss/policy.xml

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.MimeTypeEnum;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.DigestDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jose4j.json.JsonUtil;

public final class Oracle {
    public static void main(String[] arguments) throws Exception {
        ValidationPolicy policy =
                ValidationPolicyFacade.newFacade().getValidationPolicy(new File(arguments[0]));
        // The answers only: DSS and its parts may print to System.out.
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        BufferedReader cases =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = cases.readLine(); line != null; line = cases.readLine()) {
            answers.println(JsonUtil.toJson(judge(JsonUtil.parseJson(line), policy)));
        }
    }

    private static Map<String, Object> judge(Map<String, Object> given, ValidationPolicy policy) {
        Map<String, Object> answer = new TreeMap<>();
        try {
            validate(given, policy, answer);
        } catch (Exception exception) {
            answer.put("exception", String.valueOf(exception));
        }
        return answer;
    }

    private static void validate(
            Map<String, Object> given, ValidationPolicy policy, Map<String, Object> answer) {
        byte[] signature = ((String) given.get("signature")).getBytes(StandardCharsets.UTF_8);
        var validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(signature));

        var anchors = new CommonTrustedCertificateSource();
        for (byte[] der : list(given, "anchors")) {
            anchors.addCertificate(DSSUtils.loadCertificate(der));
        }
        var verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(anchors);
        // Without it, DSS fetches the certificates of issuers.
        verifier.setAIASource(null);
        List<byte[]> crls = list(given, "crls");
        if (!crls.isEmpty()) {
            var streams = crls.stream().map(ByteArrayInputStream::new).toArray(InputStream[]::new);
            verifier.setCrlSource(new ExternalResourcesCRLSource(streams));
        }
        validator.setCertificateVerifier(verifier);
        if (given.get("digest") instanceof String digest) {
            String id = (String) given.get("id");
            DSSDocument document =
                    new DigestDocument(DigestAlgorithm.SHA256, digest, id, MimeTypeEnum.BINARY);
            validator.setDetachedContents(List.of(document));
        }
        if (given.get("document") instanceof String document) {
            byte[] bytes = Base64.getDecoder().decode(document);
            String id = (String) given.get("id");
            validator.setDetachedContents(List.of(new InMemoryDocument(bytes, id)));
        }
        Date time = new Date(((Number) given.get("time")).longValue() * 1000);
        validator.setValidationTime(time);

        var report = validator.validateDocument(policy).getSimpleReport();
        answer.put("signatures", report.getSignaturesCount());
        String id = report.getFirstSignatureId();
        if (id == null) {
            return;
        }
        answer.put("indication", text(report.getIndication(id)));
        answer.put("sub_indication", text(report.getSubIndication(id)));
        answer.put("level", text(report.getSignatureFormat(id)));
        // The time for which a timestamp proves that the signature existed; or else the given time.
        Date best = report.getBestSignatureTime(id);
        answer.put("time_is_proven", best != null && best.before(time));
        List<String> errors = new ArrayList<>();
        report.getAdESValidationErrors(id).forEach(error -> errors.add(error.getValue()));
        answer.put("errors", errors);
        List<String> warnings = new ArrayList<>();
        report.getAdESValidationWarnings(id).forEach(warning -> warnings.add(warning.getValue()));
        answer.put("warnings", warnings);
    }

    private static List<byte[]> list(Map<String, Object> given, String name) {
        List<byte[]> decoded = new ArrayList<>();
        if (given.get(name) instanceof List<?> texts) {
            texts.forEach(text -> decoded.add(Base64.getDecoder().decode((String) text)));
        }
        return decoded;
    }

    private static String text(Enum<?> value) {
        return value == null ? null : value.name();
    }
}

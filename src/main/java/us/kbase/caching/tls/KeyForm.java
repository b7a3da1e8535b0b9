package us.kbase.caching.tls;

import java.io.IOException;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * The form of a private key in PEM, which its label tells. A class of its own, so that a start which reads no key loads none of
 * BouncyCastle's classes.
 */
final class KeyForm {

    private KeyForm() {}

    /** The key as PKCS#8: made of PKCS#1 (RFC 8017, A.1.2) or SEC1 (RFC 5915), else as it is. */
    static byte[] pkcs8(String label, byte[] der) throws IOException {
        return switch (label) {
            case "RSA" ->
                new PrivateKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                RSAPrivateKey.getInstance(der))
                        .getEncoded();
            case "EC" -> {
                ECPrivateKey key = ECPrivateKey.getInstance(der);
                yield new PrivateKeyInfo(
                                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                                key)
                        .getEncoded();
            }
            default -> der;
        };
    }
}

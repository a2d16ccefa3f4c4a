using System.Text;
using MagicFolder.Model;
using MagicFolder.Sync.Inviting;

namespace MagicFolder.Sync.Tests.Inviting;

/// <summary>Against RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, first message.</summary>
public sealed class HpkeTests
{
    private static readonly byte[] Info = Hex("4f6465206f6e2061204772656369616e2055726e");
    private static readonly byte[] EphemeralSeed = Hex("4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e");
    private static readonly byte[] EphemeralPrivate = Hex("4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb");
    private static readonly byte[] EphemeralPublic = Hex("04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4");
    private static readonly byte[] RecipientSeed = Hex("668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550");
    private static readonly byte[] RecipientPrivate = Hex("f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2");
    private static readonly byte[] RecipientPublic = Hex("04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0");
    private static readonly byte[] Plain = Hex("4265617574792069732074727574682c20747275746820626561757479");
    private static readonly byte[] Associated = Hex("436f756e742d30");
    private static readonly byte[] Cipher = Hex("5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434");

    [Fact]
    public void KeysFollowFromTheirSeedsAsInTheRfc()
    {
        Hpke.DerivePrivateKey(EphemeralSeed).ShouldBe(EphemeralPrivate);
        Hpke.DerivePrivateKey(RecipientSeed).ShouldBe(RecipientPrivate);
        Hpke.PublicKeyOf(EphemeralPrivate).ShouldBe(EphemeralPublic);
        Hpke.PublicKeyOf(RecipientPrivate).ShouldBe(RecipientPublic);
    }

    [Fact]
    public void TheMessageIsThatOfTheRfc() =>
        Hpke.Seal(RecipientPublic, Info, Associated, Plain, EphemeralPrivate).ShouldBe([.. EphemeralPublic, .. Cipher]);

    [Fact]
    public void TheMessageOfTheRfcIsOpened() => Hpke.Open(RecipientPrivate, Info, Associated, [.. EphemeralPublic, .. Cipher]).ShouldBe(Plain);

    [Fact]
    public void WhatIsSealedForAnotherUseIsNotOpened()
    {
        byte[] message = Hpke.Seal(RecipientPublic, Info, Plain, EphemeralPrivate);

        Hpke.Open(RecipientPrivate, Info, message).ShouldBe(Plain);
        ShouldRefuse(RecipientPrivate, Encoding.UTF8.GetBytes("another"), message);
        ShouldRefuse(EphemeralPrivate, Info, message);
    }

    [Fact]
    public void NoChangedByteIsOverlooked()
    {
        byte[] message = Hpke.Seal(RecipientPublic, Info, Plain, EphemeralPrivate);
        for (int i = 0; i < message.Length; i++)
        {
            byte[] changed = [.. message];
            changed[i] ^= 1;
            ShouldRefuse(RecipientPrivate, Info, changed);
            ShouldRefuse(RecipientPrivate, Info, message[..i]);
        }
    }

    [Fact]
    public void APointThatIsNotOnTheCurveIsNoPublicKey()
    {
        byte[] beside = [4, .. new byte[63], 1];

        Should.Throw<DamagedBytesException>(() => Hpke.RequirePublicKey(beside));
        Should.Throw<DamagedBytesException>(() => Hpke.RequirePublicKey([.. RecipientPublic[..64]]));
    }

    private static void ShouldRefuse(byte[] key, byte[] info, byte[] message) => Should.Throw<DamagedBytesException>(() => Hpke.Open(key, info, message));

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}

using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Capabilities;

/// <summary>Lets its holder write a mutable file. Its fingerprint names the only public key whose signatures count.</summary>
public sealed record MutableWriteCap(MutableFormat Format, WriteKey WriteKey, Digest Fingerprint) : FileCap
{
    public StorageIndex StorageIndex => WriteKey.ToReadKey().ToStorageIndex();

    public override bool IsMutable => true;

    public override bool IsReadOnly => false;

    public override string Kind => Format == MutableFormat.Sdmf ? "SSK" : "MDMF";

    internal override string Fields => $"{Base32.Encode(WriteKey.ToArray())}:{Fingerprint}";

    protected override string Fingerprintable => Short(StorageIndex);

    public MutableReadCap ToReadCap() => new(Format, WriteKey.ToReadKey(), Fingerprint);

    public override MutableReadCap ToReadOnly() => ToReadCap();

    public override MutableVerifyCap ToVerifyCap() => new(Format, StorageIndex, Fingerprint);
}

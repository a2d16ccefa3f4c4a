namespace MagicFolder.Tahoe.Hashing;

/// <summary>Every tag of Tahoe-LAFS that this room uses (tahoe-hashing, section 2). A tag separates the uses of one hash function from each other.</summary>
public static class HashTags
{
    public static ReadOnlySpan<byte> ImmutableKeyToStorageIndex => "allmydata_immutable_key_to_storage_index_v1"u8;

    public static ReadOnlySpan<byte> Block => "allmydata_encoded_subshare_v1"u8;

    public static ReadOnlySpan<byte> UriExtension => "allmydata_uri_extension_v1"u8;

    public static ReadOnlySpan<byte> Ciphertext => "allmydata_crypttext_v1"u8;

    public static ReadOnlySpan<byte> CiphertextSegment => "allmydata_crypttext_segment_v1"u8;

    /// <summary>Not a tag yet: the secret and the encoding parameters are appended to it.</summary>
    public static ReadOnlySpan<byte> ConvergentKeyPrefix => "allmydata_immutable_content_to_key_with_added_secret_v1+"u8;

    public static ReadOnlySpan<byte> MerkleEmptyLeaf => "Merkle tree empty leaf"u8;

    public static ReadOnlySpan<byte> MerkleInternalNode => "Merkle tree internal node"u8;

    public static ReadOnlySpan<byte> PrivateKeyToWriteKey => "allmydata_mutable_privkey_to_writekey_v1"u8;

    public static ReadOnlySpan<byte> PublicKeyToFingerprint => "allmydata_mutable_pubkey_to_fingerprint_v1"u8;

    public static ReadOnlySpan<byte> WriteKeyToReadKey => "allmydata_mutable_writekey_to_readkey_v1"u8;

    public static ReadOnlySpan<byte> ReadKeyToStorageIndex => "allmydata_mutable_readkey_to_storage_index_v1"u8;

    public static ReadOnlySpan<byte> ReadKeyToDataKey => "allmydata_mutable_readkey_to_datakey_v1"u8;

    public static ReadOnlySpan<byte> WriteKeyToWriteEnablerMaster => "allmydata_mutable_writekey_to_write_enabler_master_v1"u8;

    public static ReadOnlySpan<byte> WriteEnabler => "allmydata_mutable_write_enabler_master_and_nodeid_to_write_enabler_v1"u8;

    public static ReadOnlySpan<byte> WriteCapToSalt => "allmydata_dirnode_child_rwcap_to_salt_v1"u8;

    public static ReadOnlySpan<byte> WriteKeyAndSaltToChildKey => "allmydata_mutable_writekey_and_salt_to_dirnode_child_capkey_v1"u8;

    /// <summary>A value, not a tag: the lease secret stands in the place of the tag.</summary>
    public static ReadOnlySpan<byte> ClientRenewalSecret => "allmydata_client_renewal_secret_v1"u8;

    /// <summary>A value, not a tag: the lease secret stands in the place of the tag.</summary>
    public static ReadOnlySpan<byte> ClientCancelSecret => "allmydata_client_cancel_secret_v1"u8;

    public static ReadOnlySpan<byte> FileRenewalSecret => "allmydata_file_renewal_secret_v1"u8;

    public static ReadOnlySpan<byte> FileCancelSecret => "allmydata_file_cancel_secret_v1"u8;

    public static ReadOnlySpan<byte> BucketRenewalSecret => "allmydata_bucket_renewal_secret_v1"u8;

    public static ReadOnlySpan<byte> BucketCancelSecret => "allmydata_bucket_cancel_secret_v1"u8;
}

package us.kbase.caching.store.s3.client;

import java.util.Optional;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.SdkInternalExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;

/** Something that the maker of a call tells its transport, through the SDK between them. */
final class CallAttribute<T> extends SdkHttpExecutionAttribute<T> {

    private static final ExecutionAttribute<SdkHttpExecutionAttributes> ALL =
            SdkInternalExecutionAttribute.SDK_HTTP_EXECUTION_ATTRIBUTES;

    CallAttribute(Class<T> type) {
        super(type);
    }

    /** Gives it to one call, beside what that was given already. */
    void put(AwsRequestOverrideConfiguration.Builder call, T value) {
        SdkHttpExecutionAttributes given = call.executionAttributes().getAttribute(ALL);
        SdkHttpExecutionAttributes.Builder all =
                given == null ? SdkHttpExecutionAttributes.builder() : given.toBuilder();
        call.putExecutionAttribute(ALL, all.put(this, value).build());
    }

    /** What a call was given. */
    Optional<T> of(AsyncExecuteRequest call) {
        SdkHttpExecutionAttributes given = call.httpExecutionAttributes();
        return Optional.ofNullable(given == null ? null : given.getAttribute(this));
    }
}
